import { essence } from '../../knowledge/text/normalize.ts';

/** What a customer says to the form rather than as an answer. */
export type FormCommand =
  | { say: 'back' | 'skip' | 'missing' | 'cancel' | 'pause' | 'continue' | 'wait' | 'why' | 'example' | 'summary' | 'submit' | 'restart' }
  /** 应急电话有什么用: about an item by its name; `plain`: where there is no such item, it asks about the question that waits. */
  | { say: 'why-item'; named: string; plain: boolean }
  /** `named`: what is to be changed, as said; `typed`: what to, when that was said as well. */
  | { say: 'change'; named: string; typed?: string };

/** The command that the whole message is; undefined for answers and questions. */
export function readFormCommand(text: string): FormCommand | undefined {
  const said = essence(text);
  if (said === '' && /^[\s?？]+$/.test(text)) return { say: 'example' };
  const found = wordings.find(([, pattern]) => pattern.test(said));
  const { named, item = named } = whyItem.exec(said)?.groups ?? {};
  if (item && (!found || found[0] === 'why')) return { say: 'why-item', named: item, plain: found !== undefined };
  return found ? { say: found[0] } : readChange(text.normalize('NFKC').trim());
}

const polite = '(?:请|麻烦|帮我|我想|我要|想|先|那|那就)*';
const ends = '(?:吧|了|啊|呀|一下|谢谢|可以吗|好吗|行吗)*';
const whole = (words: string) => new RegExp(`^${polite}(?:${words})${ends}$`);

const whyItem =
  /^(?:要|填)?(?<named>[^为什么啥]{2,10}?)(?:是|用来|拿来|到底)?(?:有什么用|有啥用|什么用|干嘛用的?|干什么用的?|做什么用的?|干嘛的|用来干嘛|用来做什么)(?:呢|啊|呀)?$|^(?:为什么|为啥|干嘛)(?:还)?(?:要|需要|得)?(?:填|问|留|写|提供|知道|用)?(?:我的?|你的?)?(?<item>[^么吗]{2,10}?)(?:呢|啊|呀)?$/u;

const wordings: readonly [Exclude<FormCommand['say'], 'change' | 'why-item'>, RegExp][] = [
  ['back', whole('(?:返回|回到|退回|回)?(?:到)?上一?(?:步|个|题|项|个问题)|返回|后退|回去|上一部|shangyibu')],
  [
    'wait',
    /^(?:好|那|嗯|行)*(?:你)?(?:等下|等一下|稍等|等等|等我|等会|等一会儿?|别急|马上|我?去?(?:找|拿|查|问|看|翻)(?:一下|下|找|看|问|查)?)(?:我)?(?:等下|先|去|找|看|查|问|拿|翻|一下|下|给你|给您|发你|发给你|马上|老板|会计|同事|老婆|技术|执照|证件|身份证|他|她|的|啊|哈|哦|吧|就)*$|^.{0,10}(?:等下|等一下|稍等|在找|正在找|马上(?:给|发)你?)$|^我?去换证$|^.{0,8}(?:要|得|需要)(?:去)?(?:问|查|找|看)(?:一?下|问)?(?:老板|会计|技术|同事|开发)?$/,
  ],
  [
    'skip',
    whole(
      '跳过|跳过(?:这个|这题|这步|这项|这一步)|略过|这个?不填|(?:我)?不想(?:填|说|给)(?:这个)?|不方便(?:填|说|给)?|不填(?!了)|暂时不填|下一?(?:个|题|步|项)|pass|skip|tiaoguo',
    ),
  ],
  [
    'missing',
    whole(
      '还(?:差|缺|要填|需要填|要|剩)(?:什么|哪些|啥|多少|几个|几项|多少项)|还有(?:多少|几个|几项|哪些)(?:问题|要填|没填|项)?|填到哪(?:里|儿)?|进度|(?:查|查看|看)(?:一下|下)?(?:我的?)?(?:办理)?进度|还有(?:多少|几个|几项)(?:问题)?(?:要填|没填)?|haichashenme',
    ),
  ],
  [
    'pause',
    whole(
      '(?:稍后|晚点|等会儿?|等下|待会儿?|以后|改天|明天|回头|下次|有空)(?:再)?(?:填|弄|办|说|来|继续|补)|暂停|存一下|保存|.{0,8}(?:晚点|晚上|下午|明天|改天|回头|周末|下周)再?(?:说|弄|填|办|来|搞)',
    ),
  ],
  [
    'cancel',
    whole(
      '取消|(?:我)?(?:不想|不)(?:弄|搞|填|办|备案|要办)了|取消(?:办理|受理|申请|填写|备案)|不办|不办理|不想办|不填|算了|退出|停止|结束|终止|放弃|quxiao|tuichu',
    ),
  ],
  [
    'continue',
    whole(
      '继续|接着|(?:先)?不(?:用)?改了?|不变|保持不变|我?(?:又)?回来了|我来了|(?:我们)?(?:继续|接着)(?:吧|来吧)?|(?:继续|接着)(?:填|填写|办|办理|来|上次的?|刚才的?)+|go|jixu',
    ),
  ],
  [
    'why',
    /^(?:你们?|这个?)?(?:为什么|为啥|干嘛|凭什么|做什么用|干什么用|干啥用|有什么用|有啥用|是做什么的|拿来干嘛|干嘛用|什么用处?)(?:要|得|还要|非要|需要)?(?:填|问|知道|这个?|我的?|提供|收集|留|给|身份证号?|手机号?|电话|邮箱|地址|证件号?|应急电话|信息)*(?:呢|啊|呀|用)?$|^(?:要|问|填)这个?(?:干嘛|干什么|做什么|有什么用|干啥)(?:用|呢|啊)?$/,
  ],
  [
    'example',
    whole(
      '(?:这个?|这里|这项|那)(?:要|该|应该|得)?(?:填|写|发)(?:什么|啥|哪个|些什么)|(?:要|该)(?:填|写|发)(?:什么|啥)|填啥|写啥|咋填|咋写|(?:不知道|不会|不懂)(?:怎么|咋|该)?(?:填|写)(?:什么|啥)?|(?:你)?(?:帮我|替我)(?:写|编|填)(?:一个|一段|一下)?|举个例子|例子|示例|给个例子|样例|怎么填|怎么写|填什么|写什么|不会填|什么格式|格式(?:是什么|怎么写)?|看不懂|什么意思|这是什么意思|没看懂|不懂',
    ),
  ],
  [
    'summary',
    whole(
      '(?:看|查看|核对|检查|看看|确认)(?:一下|下)?(?:我)?(?:填(?:的|过的|写的|了)?(?:什么|哪些|内容|信息|资料)?|已填(?:的|内容|信息)?|信息|资料|表)|我(?:都)?填了(?:什么|哪些|啥)|汇总|预览',
    ),
  ],
  ['submit', whole('提交|确认提交|可以提交|提交申请|直接提交|没问题提交|确认无误|tijiao')],
  ['restart', whole('重新(?:开始|来|填|填写)|从头(?:开始|来|填)|重填|重来|全部重填|chongxinkaishi')],
];

/** 改手机号, 把邮箱改成 a@b.com, 邮箱改成 a@b.com, 手机号填错了, 手机号应该是 138… */
function readChange(said: string): FormCommand | undefined {
  const patterns = [
    /^(?:我)?(?:要|想|需要)?(?:把|将)(?<named>.{1,14}?)(?:改|换|更正|修改|变更|更新)(?:一下)?(?:成|为|到)?[:： ]*(?<typed>.{1,300})?$/su,
    /^(?:我)?(?:要|想|需要)?(?:改|修改|更改|更正|重填|换)(?:一下|下)?(?<named>[^：:成为]{1,14}?)(?:(?:改)?(?:成|为|是)|[：:])[ ]*(?<typed>.{1,300})$/su,
    /^(?:我)?(?:要|想|需要)?(?:改|修改|更改|更正|重填|换)(?:一下|下|个)?(?<named>.{1,14}?)(?:吧|了)?$/u,
    /^(?:刚才|前面|上面)?(?:的|那个)?(?<named>.{1,14}?)(?:好像)?(?:填|写|打|输|发|报)?(?<!不)(?:错|错误)了?(?:[，, ]*(?:应该|应)?(?:是|为|改成)[:： ]*(?<typed>.{1,300}))?$/su,
    /^(?<named>.{1,14}?)(?:要|想)?(?:改成|改为|换成|换为|更正为|变更为)[:： ]*(?<typed>.{1,300})$/su,
    /^(?<named>.{1,14}?)(?:应该|应当)(?:是|为|写|填)[:： ]*(?<typed>.{1,300})$/su,
  ];
  for (const pattern of patterns) {
    const { named, typed } = pattern.exec(said)?.groups ?? {};
    if (named) return { say: 'change', named: named.trim(), ...(typed?.trim() && { typed: typed.trim() }) };
  }
  return undefined;
}

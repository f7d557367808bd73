import { essence } from '../knowledge/text/normalize.ts';

/** Words understood anywhere, when they are the whole message. */
export type Command = 'help' | 'person' | 'restart' | 'nothing-to-stop' | 'erase';

/** The command whose very words the whole message is. Spaces, punctuation, width and traditional characters do not matter. */
export function readExactCommand(text: string): Command | undefined {
  return byWording.get(essence(text).replace(politeEnds, ''));
}

/** The command that the whole message is, in its own words or any way of saying it, or undefined. */
export function readCommand(text: string): Command | undefined {
  const said = essence(text);
  const exact = readExactCommand(text);
  if (exact || said.length > longestCommand || subject.test(said)) return exact;
  return spoken.find(({ patterns }) => patterns.some((pattern) => pattern.test(said)))?.command;
}

const longestCommand = 18;

/** A message that has these words is about a filing, whatever else it says: 人工审核要多久 asks for nobody. */
const subject = /备案|审核|核验|审批|密码|域名|网站|材料|许可证|注销|app|小程序|管局|订单|负责人|法人|多久|收费|多少钱|授权|真实性|刷脸/;

const somebody =
  '(?:人工|真人|活人|客服|顾问|经理|业务员|专员|工作人员|销售|技术人员|懂的人|负责的人|值班的|接线员|话务员|懂行的|明白人|老师|坐席|座席)';
const typedPerson = '(?:人工|人功|人公|仁工|任工|人共|人攻|认工)';

/** Spoken variants, as the shape they have in common. */
const spoken: { command: Command; patterns: RegExp[] }[] = [
  {
    command: 'erase',
    patterns: [
      /^(?!.*(?:吗|么|能|会|可以)$)(?!.*(?:办完|之后|以后)).{0,5}(?:删|清|抹|销毁).{0,4}(?:我|个人|全部|所有).{0,8}(?:信息|数据|资料|记录|隐私|手机号|电话)/,
      /^.{0,3}(?:我|个人|全部|所有).{0,10}(?:信息|数据|资料|记录|隐私|手机号|电话).{0,5}(?:删|清(?:掉|空|除)|抹掉)(?!.*吗$)/,
      /^(?:不要|别|不准|不许).{0,2}(?:保存|留|存|记录?)(?:下)?我的?.{0,4}(?:信息|数据|资料|记录|手机号|电话|隐私)/,
    ],
  },
  {
    command: 'restart',
    patterns: [
      /^(?:我想|我要|想)?(?:从头|重头|重新)(?:再)?(?:来|开始|说|问|聊|弄|走)(?:一遍|一次|一下|过|吧|再来)?$/,
      /^(?!.*(?:怎么|咋|如何)).{0,6}(?:从头|重新)(?:开始|来)(?:吧|一遍)?$/,
      /^(?:我想|我要|想)?(?:全部|全都)?(?:从新|重新)(?:开始|来|填|填写)(?:一遍|一次|一下|吧)?$|^(?:全部|全都)重来(?:吧|一遍)?$/,
      /^清空重来$|^(?:我想|我要)?回到(?:最)?(?:开始|开头|起点)$/,
    ],
  },
  {
    command: 'person',
    patterns: [
      new RegExp(
        `(?:转|接|找|叫|要|喊|换|联系|安排|派|请|让|来|给|有没有|有|想|问问|连)(?:一下|下|个|位|你们|你|给我|我|们|的|到|接)*${somebody}`,
      ),
      new RegExp(`^(?:转|专|传|砖|赚|接|要|找|换)?(?:接|到)?${typedPerson}(?:客服|服务|座席|坐席)?(?:在线|在)?(?:吗|呢)?$`),
      new RegExp(`${somebody}(?:(?:在线|在)(?:吗|么|不|不在)?|呢|出来|来)$`),
      /(?:不|别).{0,4}机器(?:人|回复)/,
      /机器(?:人)?.{0,4}(?:讲不清|说不清|听不懂|不懂|没用|不行|太笨)/,
      /(?:叫|找|换|来|派|要|安排)个?人(?:来|跟我|和我|联系我|说|聊|帮|处理|接|吧)?(?:说|聊|话|对接|联系)*$/,
      /(?:和|跟|同)(?:真|活)?人(?:说话|聊|讲|沟通|谈)|换个人|^(?:我要|我想|想)?(?:和|跟|同)你们(?:的)?(?:老师|人|领导|老板|负责人)(?:谈|说|聊|讲|沟通)/,
      /^(?:请|麻烦|让)?(?:你们)?(?:尽快)?(?:打(?:个)?电话给我|联系我(?:一下)?|回我电话)$|(?:给|回)(?:我|你们)?(?:打|回)?个?电话(?:吧|呗|吗)?$|^(?:能不能|可不可以|可以|能)(?:给我)?打(?:个)?电话给我(?:吗)?$|^(?:我要|我想|想)?打电话给你们|你们(?:的)?电话(?:是)?(?:多少|几号)$|^(?:能|可以)?加(?:个|一下)?微信/,
    ],
  },
  {
    command: 'nothing-to-stop',
    patterns: [
      /^(?:我|那|那就|先)*(?:不想|不)(?:办|弄|填|搞|做)(?:理)?了?$/,
      /^(?:那|那就)?算了吧?(?:不(?:办|弄|填|搞|做)了)?$/,
      /^(?:先)?(?:停|停下|停一下|到此为止|就到这里?)$|^(?:取消|退出|结束|停止)(?:这个|这次|本次)?(?:办理|登记|填写|申请|操作|流程)$/,
      /^(?:返回|回到|退回|退到|回|往回退)(?:到)?(?:上|前|一)?一?(?:步|个|题|页|项)?(?:问题)?$|^上一?(?:部|个问题|个|题|项)$/,
      /^(?:我们?)?(?:接着|继续)(?:上次|刚才|之前)?(?:的)?(?:填|办|弄|来|登记)?吧?$/,
    ],
  },
  {
    command: 'help',
    patterns: [
      /^你(?:都)?(?:能|会|可以)(?:帮我)?(?:干|做|答|回答)?(?:嘛|啥|些啥|什么|些什么|哪些事?)$/,
      /^你(?:能|会)(?:干|做)吗$/,
      /^(?:你)?有(?:哪些|什么|啥)功能$/,
      /^这个?(?:怎么|咋)(?:玩|用|弄)$|^(?:怎么|咋)用你(?:呢|啊)?$|^你(?:怎么|咋)用$/,
    ],
  },
];

const politeEnds = /^(请|麻烦|帮我|我想|我要)+|(谢谢|吧|啊|呀|呢|了|一下)+$/g;

const wordings: Record<Command, string> = {
  help: '帮助 菜单 主菜单 功能 使用说明 你能做什么 你会什么 你会做什么 能问什么 可以问什么 怎么用 怎么使用 help menu bangzhu caidan',
  person:
    '人工 转人工 人工客服 人工服务 转人工客服 转人工服务 真人 真人客服 客服 在线客服 找客服 联系客服 转客服 找人工 接人工 转接人工 ' +
    '叫人工 叫客服 要人工 找真人 找个真人 换人工 换真人 和人工说 跟人工说 和真人说话 人工在吗 有人工吗 有真人吗 有人吗 ' +
    '不要机器人 我不要机器人 转仁工 转人公 转任工 rengong zhuanrengong zhaorengong zhuankefu kefu zhaokefu rengongkefu zhuan人工 agent human',
  restart: '重新开始 从头开始 重来 重新来 重置 restart chongxinkaishi',
  'nothing-to-stop': '取消 上一步 返回 继续 退出 停止 结束 跳过 quxiao shangyibu jixu tuichu',
  erase:
    '删除我的信息 删除我的数据 删除我的资料 删除我的个人信息 清除我的信息 清除我的数据 清空我的信息 注销我的信息 ' +
    '删除聊天记录 清除聊天记录 清空聊天记录 删除记录 删除对话 把我的信息删掉 把我的信息删除 把我的资料删掉 shanchuwodexinxi',
};

const byWording = new Map(
  Object.entries(wordings).flatMap(([command, list]) =>
    list.split(' ').map((wording) => [essence(wording).replace(politeEnds, ''), command as Command] as const),
  ),
);

import { essence } from '../knowledge/text/normalize.ts';

export type SmallTalk = 'hello' | 'thanks' | 'bye' | 'who' | 'fine' | 'praise' | 'complaint' | 'presence';

/** Recognises small talk when it is the whole message; a question that begins with 你好 is a question. */
export function readSmallTalk(text: string): SmallTalk | undefined {
  const said = essence(text);
  if (said === '') return emojiOf(text);
  return byWording.get(said) ?? byWording.get(said.replace(particles, '')) ?? strungTogether(said);
}

const particles = /[啊呀呢吧哦噢喔哈嘛啦了的哒~]+$/g;

const wordings: Record<SmallTalk, string> = {
  hello:
    '你好 您好 hi hello hey 嗨 哈喽 哈啰 哈罗 早 早上好 上午好 中午好 下午好 晚上好 大家好 你好你好 nihao ninhao 你们好 亲 客服你好 您好客服',
  presence: '在吗 在不 在不在 在么 有人在吗 在线吗 zaima 喂 你在吗 您在吗 还在吗 亲在吗 在不在线 hello在吗 你好在吗 您好在吗',
  thanks:
    '谢谢 谢谢你 谢谢您 多谢 感谢 非常感谢 谢了 谢 thx thanks thankyou 3q 辛苦 辛苦了 麻烦了 麻烦你了 太感谢了 好的谢谢 ok谢谢 谢谢啊 xiexie 好的谢谢您 感谢您 谢谢解答 明白了谢谢 知道了谢谢',
  bye: '再见 拜拜 拜 88 bye byebye goodbye 回头见 下次再聊 先这样 没事了 没有了 没了 没问题了 不用了 先不用 zaijian 晚安 先下了 我先走了',
  who: '你是谁 您是谁 你是什么 你叫什么 你叫什么名字 你是机器人吗 你是机器人 是机器人吗 机器人吗 你是人吗 你是真人吗 是真人吗 是人工吗 你是不是机器人 你是ai吗 是ai吗 你是不是人 介绍一下自己 自我介绍 你是谁啊 你是干什么的 你是干嘛的 你是做什么的',
  fine: '好 好的 好吧 嗯 嗯嗯 哦 噢 喔 行 行吧 可以 ok okay okk 好滴 好哒 好嘞 好咧 收到 明白 明白了 知道了 我知道了 了解 了解了 懂了 清楚了 这样啊 原来如此 原来是这样 是的 对 对的 没错 是 哈哈 哈哈哈 呵呵 嘿嘿 嘻嘻 haode',
  praise:
    '有用 真棒 棒 厉害 太好了 太棒了 很好 不错 牛 牛逼 赞 给力 真不错 真厉害 你真棒 你真厉害 很有用 真有用 有帮助 很有帮助 good great nice 好评 满意 非常满意 讲得很清楚 说得很清楚',
  complaint:
    '没用 笨 好笨 真笨 太笨了 傻 你是傻子吗 智障 垃圾 垃圾机器人 什么玩意 什么东西 听不懂人话 你听不懂吗 答非所问 不是这个 不是这个意思 我不是问这个 我问的不是这个 ' +
    '没回答我的问题 你说的不对 回答错了 错了 不对 废物 滚 太差了 差评 无语 服了 一点用都没有 一点用没有 一点都没用 一点没用 根本没用 完全没用 没什么用 没啥用 太没用了 没屁用 骗人 我要投诉 投诉 投诉你们 傻逼 煞笔 sb 有病 你有病 你有病吧 你是不是有病 神经病 妈的 操 去死 什么破玩意 什么破东西 破玩意 什么鬼 ' +
    '烦 烦死 烦死人 烦不烦 烦不烦啊 好烦 真烦 太烦 麻烦死 好麻烦 真麻烦 太麻烦 怎么这么麻烦 这么麻烦 怎么这么多问题 问题真多 怎么还要问 还有完没完 没完没了 有完没完 太啰嗦 啰嗦 怎么这么多 这么多要填 填不完',
};

const byWording = new Map(
  Object.entries(wordings).flatMap(([kind, list]) => list.split(' ').map((wording) => [essence(wording), kind as SmallTalk] as const)),
);

const wordsOf = (kind: SmallTalk) => wordings[kind].split(' ').map(essence);
const addressees = ['老师', '客服', '亲', '亲爱的', '你', '您', '你们'];
const anyOf = (words: readonly string[]) => words.join('|');
const acknowledgements = new RegExp(
  `^(${anyOf(wordsOf('thanks'))}|${anyOf(wordsOf('fine'))})(${anyOf([...wordsOf('thanks'), ...wordsOf('fine'), ...addressees])}|[啊呀呢哈嘛啦了的哒])*$`,
);
const thanking = new RegExp(anyOf(wordsOf('thanks').filter((word) => word.length > 1)));

/** In characters. 哈 and 哈哈 overlap, so the time the pattern takes would double with every further 哈. */
const longestStrung = 16;

/** Acknowledgements one after another, as they are typed in a hurry: 好的收到, 嗯知道了，谢谢老师. A word besides them makes it a message of its own. */
function strungTogether(said: string): SmallTalk | undefined {
  if (said.length > longestStrung || !acknowledgements.test(said)) return undefined;
  return thanking.test(said) ? 'thanks' : 'fine';
}

function emojiOf(text: string): SmallTalk | undefined {
  if (/[👍👏💯🌹❤💪😄😁😊🥰]/u.test(text)) return 'praise';
  if (/[🙏]/u.test(text)) return 'thanks';
  if (/[👎😡🤬😠💩]/u.test(text)) return 'complaint';
  if (/[👌😂🤣😃😀🙂]/u.test(text)) return 'fine';
  if (/[👋]/u.test(text)) return 'hello';
  return undefined;
}

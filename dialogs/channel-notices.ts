import { essence } from '../knowledge/text/normalize.ts';

/** What a channel that limits messages has to say by itself. */
export const channelNotices = {
  /** Under a message that is cut off because no more may be sent until the customer writes. */
  more: '（回复“更多”看后面的内容）',
  /** Under a message after which no more may be sent until the customer writes, for a person here has taken over from one inside WeChat. */
  answerToGoOn: '（请回复任意一句话，我就能继续和您聊）',
  stillWorking: '正在为您查询，请过几秒再发一条消息，就能看到答复。',
  tooFast: '您发得太快了，这条我没来得及看，请过一分钟再发。',
};

/** Whether the whole message asks for nothing but the rest of what was said. */
export function asksForMore(text: string): boolean {
  return /^(?:更多|继续|接着说|往下|还有呢|后面呢|下一页)(?:吧|啊|呢)?$/.test(essence(text));
}

import { essence, normalize } from './normalize.ts';

const opening =
  '您好|你好|你们好|大家好|嗨|哈喽|哈啰|hello|hi|hey|亲亲|亲|老师|客服|小哥|小姐姐|在吗|在不在|有人吗|早上好|上午好|中午好|下午好|晚上好|打扰一下|打扰了|打扰|麻烦|劳驾|拜托|' +
  '请问|请教|问一下|问下|问个事|问个问题|我想问|想问|咨询|我想咨询|想咨询|我想知道|想知道|我想了解|想了解|求助|跪求|急急急|急';
const closing =
  '谢谢|谢谢啦|谢谢了|谢谢您|谢谢你|多谢|感谢|非常感谢|求解答|求助|求解|在线等|急急急|急|挺急的|麻烦了|辛苦了|拜托了|thanks|thx';
const softener = '一下下|一下|下|您|你|了|哦|呀|啊|吗|哈|呢';

const opened = new RegExp(`^(?:(?:${opening})(?:${softener})*[\\s，,。.!！?？~～、：:]*)+`, 'u');
const closed = new RegExp(`(?:[\\s，,。.!！?？~～、]+(?:${closing})(?:${softener})*)+[\\s，,。.!！?？~～]*$`, 'u');

/**
 * A normalized message without the greeting, the "may I ask" before its question and the thanks after it: they say nothing about
 * what is asked. A message that is nothing else stays as it is.
 */
export function withoutFraming(text: string): string {
  const core = text.replace(opened, '').replace(closed, '');
  return /[\p{L}\p{N}]/u.test(core) ? core : text;
}

/** What two wordings of one sentence have in common: letters, digits and characters, without framing and final particles. */
export function gist(text: string): string {
  const whole = essence(withoutFraming(normalize(text)));
  return whole.replace(/(?<=..)[啊呀呢吧哦嘛哈啦呗]+$/u, '');
}

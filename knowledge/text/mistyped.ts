import { fuzzyReading } from './pinyin.ts';
import type { Segment } from './segment.ts';

/** Words of the trade that input methods get wrong most, because they are typed most: 备按, 域明, 注肖, 许可政. */
export const oftenMistyped =
  '备案 域名 网站 密码 主体 接入 变更 注销 审核 初审 核验 短信 实名 认证 驳回 收费 费用 期限 年审 年检 年报 续期 过期 到期 材料 备注 ' +
  '法人 幕布 冲突 空壳 公安 管局 代办 域名证书 备案号 备案密码 服务器 服务商 接入商 云服务器 许可证 经营许可证 小程序 负责人 授权书 承诺书 营业执照 ' +
  '身份证 居住证 主体冲突 域名冲突 主体负责人 网站负责人 法定代表人 通信管理局 工信部 人脸识别 手机号 验证码 有效期 个体户 工商户 前置审批';

const words = new Map(oftenMistyped.split(' ').map((word) => [soundOf([...word]).join(' '), word]));
const lengths = [...new Set([...words.values()].map(({ length }) => length))].sort((a, b) => b - a);
const beginnings = new Set([...words.keys()].map((sound) => sound.split(' ', 2).join(' ')));

/** Little words stand beside any other: 我是名学生 is not about 实名, nor 接入三类 about 接入商. */
const little = new Set(
  '是的在有不要会能一三这那我你他它了就也还都和跟与及个把为被给让从到向对于以之其很太更最再又没吗呢吧啊多少只可好上主包整怎',
);

/** Puts right what sounds like a word of the trade, is written otherwise, and is no word as it is written. */
export function withoutMistypings(text: string, segment: Segment): string {
  const characters = [...text];
  const sounds = soundOf(characters);
  let cut: ReadonlySet<string> | undefined;
  for (let at = 0; at < characters.length - 1; at += 1) {
    if (!beginnings.has(`${sounds[at]} ${sounds[at + 1]}`)) continue;
    for (const length of lengths) {
      const word = words.get(sounds.slice(at, at + length).join(' '));
      if (word?.length !== length) continue;
      const written = characters.slice(at, at + length);
      if (written.join('') === word) break;
      cut ??= new Set(segment(text));
      if (!isMistyped(written, word, cut)) continue;
      characters.splice(at, length, ...word);
      break;
    }
  }
  return characters.join('');
}

function isMistyped(written: readonly string[], word: string, cut: ReadonlySet<string>): boolean {
  const wrong = written.filter((character, at) => character !== word[at]);
  if (wrong.length * 2 > written.length) return false;
  if (written.join('') === '被案') return true; // no word begins with 案 where 被 could stand before it
  if (wrong.some((character) => little.has(character))) return false;
  // Of two characters both stand alone: neither together nor with what is around them are they a word.
  return written.length > 2 || written.every((character) => cut.has(character));
}

function soundOf(characters: readonly string[]): string[] {
  return characters.map((character) => (/\p{Script=Han}/u.test(character) ? fuzzyReading(character) : ''));
}

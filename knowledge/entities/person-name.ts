import { isAside } from './aside.ts';
import { settled, visible } from './half-width.ts';
import { accepted, type Result, refused } from './result.ts';

export interface PersonName {
  /** 张三; 买买提·阿布都拉; John O'Neill. */
  name: string;
}

export type PersonNameProblem =
  | { code: 'person-name-length'; length: number }
  /** A character that no name has, at a position from 1; without it: what was said reads as a sentence. */
  | { code: 'person-name-form'; character?: string; position?: number }
  /** A form of address or a nickname (王总, 小李, 张某), not the name on the certificate. */
  | { code: 'person-name-nickname'; typed: string }
  | { code: 'person-name-organization'; typed: string };

const least = 2;
const most = 30;

/** A person's name as the certificate has it, of 2 to 30 characters. Rules: intake survey of 2026-11, section 2.7. */
export function parsePersonName(typed: string): Result<PersonName, PersonNameProblem> {
  const name = plainName(typed);
  if (/公司|集团|事务所|工作室|商行|合作社/.test(name)) return refused({ code: 'person-name-organization', typed: name });
  const characters = [...name];
  const at = characters.findIndex((character) => !/[\p{Script=Han}\p{Script=Latin}\p{M}·'. -]/u.test(character));
  const length = characters.length;
  if (at >= 0) return refused({ code: 'person-name-form', character: characters[at] ?? '', position: at + 1 });
  if (length < least || length > most) return refused({ code: 'person-name-length', length });
  if (isAside(name) || /[他她它吗呢啊吧的呀哦嗯]|知道|可以|不是|提供|同上|一样|同意|网站|备案|手机/u.test(name))
    return refused({ code: 'person-name-form' });
  if (isNickname(name)) return refused({ code: 'person-name-nickname', typed: name });
  return isName(name) ? accepted({ name }) : refused({ code: 'person-name-form', ...signOf(characters) });
}

const leadIn =
  /^(?:(?:我的?|他的?|她的?|负责人|法定代表人|法人代表?|经营者|联系人|本人)?(?:姓名|名字|全名|大名)?\s*(?:叫做?|就?是|为|:)\s*|(?:法人代表|法定代表人|法人|联系人)(?=\p{Script=Han})|(?:本人|姓名|法人|法定代表人|联系人)\s+)/u;

function plainName(typed: string): string {
  return settled(visible(typed.slice(0, 1000)), withoutFrame);
}

/** Without the words and signs around it. */
function withoutFrame(typed: string): string {
  return (
    typed
      .normalize('NFKC')
      .replace(/[•‧・∙⋅●．]/gu, '·')
      .replace(/[‘’`´]/g, "'")
      .replace(/\p{Pd}/gu, '-')
      .trim()
      .replace(leadIn, '')
      .replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})|\s*·\s*/gu, (space) => (space.includes('·') ? '·' : ''))
      .replace(/\s+/g, ' ')
      // A number that was sent along is not part of it.
      .replace(/[ ,]+(?:手机号?|电话|身份证号?)?[: ]?[+\dX -]{7,30}$/iu, '')
      .replace(/[。,;!、]+$|(?<=\p{Script=Han})\.+$/gu, '')
      .trim()
  );
}

function isNickname(name: string): boolean {
  return /某|先生$|女士$|小姐$|老师$|经理$|师傅$|老板$|匿名|^.总$|^[小老][\p{Script=Han}]$|^测试/u.test(name);
}

function isName(name: string): boolean {
  return (
    /^\p{Script=Han}+(?:·\p{Script=Han}+)*$/u.test(name) ||
    /^[\p{Script=Latin}\p{M}]+(?:[' .-]{1,2}[\p{Script=Latin}\p{M}]+)*\.?$/u.test(name)
  );
}

/** The first sign or letter that does not fit what the name begins with. */
function signOf(characters: readonly string[]): { character?: string; position?: number } {
  const own = /\p{Script=Han}/u.test(characters[0] ?? '') ? /[\p{Script=Han}·]/u : /[\p{Script=Latin}\p{M}' .-]/u;
  const at = characters.findIndex((character) => !own.test(character));
  return at < 0 ? {} : { character: characters[at] ?? '', position: at + 1 };
}

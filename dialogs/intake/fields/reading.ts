import { findPlaces, provinceNamed } from '../../../knowledge/entities/place.ts';
import { accepted, refused } from '../../../knowledge/entities/result.ts';
import type { FieldKey, Values } from '../../../knowledge/filing/form.ts';
import { normalize } from '../../../knowledge/text/normalize.ts';
import type { Field, Read, Reading } from '../field.ts';
import type { PersonNeeded, Problem, Remark } from '../problems.ts';

/** A field as the tables have it: the key is that of its place. */
export type FieldEntry = Omit<Field, 'key'>;
export type FieldTable = Partial<Record<FieldKey, FieldEntry>>;

/** Free text of so many characters, as typed without the space around it. */
export function text(least: number, most: number): Field['read'] {
  return (typed) => readText(typed, least, most);
}

export function readText(typed: string, least: number, most: number): Reading {
  const value = typed.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  const length = [...value].length;
  if (length < least) return refused({ code: 'text-too-short', length, least });
  return length > most ? refused({ code: 'text-too-long', length, most }) : accepted({ value });
}

/** A value as it is read, without what there is nothing of. */
export function readAs(
  value: string,
  more: { remarks?: readonly (Remark | undefined)[]; also?: Values; suggestion?: string } = {},
): {
  ok: true;
  value: Read;
} {
  const remarks = more.remarks?.filter((remark) => remark !== undefined) ?? [];
  const also = Object.fromEntries(Object.entries(more.also ?? {}).filter(([, said]) => said !== undefined));
  return accepted({
    value,
    ...(remarks.length > 0 && { remarks }),
    ...(Object.keys(also).length > 0 && { also }),
    ...(more.suggestion !== undefined && { suggestion: more.suggestion }),
  });
}

/** What was read, with remarks and values of other fields added. */
export function extended(reading: Reading, more: (value: string) => { remarks?: readonly (Remark | undefined)[]; also?: Values }): Reading {
  if (!reading.ok) return reading;
  const { value, remarks = [], also = {}, suggestion } = reading.value;
  const { remarks: moreRemarks = [], also: moreAlso = {} } = more(value);
  return readAs(value, {
    remarks: [...remarks, ...moreRemarks],
    also: { ...also, ...moreAlso },
    ...(suggestion !== undefined && { suggestion }),
  });
}

/** The code of the province that the words name, or are. */
export function provinceIn(typed: string): { ok: true; value: string } | { ok: false; problem: Problem } {
  const plain = normalize(typed);
  const named = provinceNamed(findPlaces(plain));
  if (named.kind === 'one') return accepted(named.province);
  if (named.kind === 'several') return refused({ code: 'province-several', provinces: named.provinces });
  return refused({ code: /香港|澳门|台湾|港澳|境外|国外|海外/.test(plain) ? 'province-outside' : 'province-unknown' });
}

export const saysNothing = (typed: string): boolean =>
  /^(?:暂时|目前|现在)?(?:还)?(?:没有?|无|没买|没购买|没租|没注册|没定|未定|未购买)(?:呢|了|的|有|买|注册|服务器|域名|备案号?|备案过|备过)*[。.!！]*$/.test(
    typed.trim(),
  );

export const saysUnsure = (typed: string): boolean =>
  /^(?:我|我们|暂时|目前|现在|这个)?(?:也|还)?(?:不知道|不清楚|不确定|不记得|记不清|忘了|忘记了|不懂|不太清楚|找不到|稍后|回头|晚点|待定)(?:了|呢|的|再说|再给|给|弄|问|提供|补|补充|发|在哪里?|是多少|是什么)*[。.!！]*$/.test(
    typed.trim(),
  );

/** 同上, 一样, 和证件地址一样: the answer is another one over again. */
export const saysSame = (typed: string): boolean =>
  /^(?:就?(?:和|跟|与|同))?.{0,14}?(?:一样|一致|相同|同一个|同上)(?:的|吧|呢|，|。|就行)*$|^同(?:联系|证件|住所|执照|注册|身份证)\p{Script=Han}{0,6}[。.]?$|^(?:就是这个|就这个|同上|一样|也是)(?:号|手机|号码|地址)?[。.]?$/u.test(
    typed.trim(),
  ) && !/不一样|不一致|不同|不相同|不是/.test(typed);

/** 就在上面那个地址, 刚才那个: another answer is meant, without its words. */
export const saysAbove = (typed: string): boolean =>
  /^(?:还是|就|就是|就在|在|用|填|按)?(?:上面|刚才|前面|刚刚|之前)(?:的|那个|那|说的|填的|写的|发的|这个)*(?:地址|号码?|手机号?|电话|邮箱|名字|域名)?(?:就行|就好|吧|呀)?[。.!！]*$/u.test(
    typed.trim(),
  );

/** What an option that a person has to take over tells. */
export function forPerson<Told extends object>(because: PersonNeeded, told: Told): Told & { remark: Remark } {
  return { ...told, remark: { code: 'needs-person', because } };
}

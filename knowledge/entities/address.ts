import { normalize } from '../text/normalize.ts';
import { settled, visible } from './half-width.ts';
import { findPlaces, provinceNamed } from './place.ts';
import { accepted, type Result, refused } from './result.ts';

export interface Address {
  /** As typed: the certificate decides on every sign. */
  address: string;
  /** Code of the province it names, when it names one. */
  province?: string;
  /** Neither house, floor nor room, village nor group: without one a note has to say that there is none. */
  remark?: 'address-no-number';
}

export type AddressProblem =
  | { code: 'address-too-short'; length: number; least: number }
  | { code: 'address-too-long'; length: number; most: number }
  /** No Chinese characters, as an address on a certificate has. */
  | { code: 'address-form' };

const least = 8;
const most = 100;

/** An address as on a certificate, or for letters, of 8 to 100 characters. Rules: intake survey of 2026-11, section 2.12. */
export function parseAddress(typed: string): Result<Address, AddressProblem> {
  const address = plainAddress(typed);
  const { length } = [...address];
  if (length < least) return refused({ code: 'address-too-short', length, least });
  if (length > most) return refused({ code: 'address-too-long', length, most });
  if ((address.match(/\p{Script=Han}/gu) ?? []).length < 3) return refused({ code: 'address-form' });
  const named = provinceNamed(findPlaces(normalize(address)));
  return accepted({
    address,
    ...(named.kind === 'one' && { province: named.province }),
    ...(!hasNumber.test(address) && { remark: 'address-no-number' as const }),
  });
}

const hasNumber = /[\p{N}A-Za-z一二三四五六七八九十百甲乙丙丁东西南北][号號室楼樓层層栋棟座幢组組院户]|\d-\d|[室村屯]|单元|號|号/u;

const leadIn =
  /^(?:(?:我们?|公司|单位|店)*的?(?:(?:营业执照|执照|证件|身份证|注册|登记)上?的?)?(?:地址|住所|住址|通信地址|通讯地址|经营场所|注册地址?|办公地址)\s*(?:就?在|就?是|为|[:：])|(?:地址|住所|住址|通信地址|通讯地址|经营场所)(?=\s))\s*/u;

function plainAddress(typed: string): string {
  return settled(visible(typed.slice(0, 2000)), withoutFrame);
}

/** Without the words and signs around it. */
function withoutFrame(typed: string): string {
  return typed
    .trim()
    .replace(leadIn, '')
    .replace(/\s+/g, ' ')
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .replace(/[。；;，,！!\s]+$/u, '');
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../knowledge/entities/address.ts';
import { hostileText } from './hostile-text.ts';

const read = (typed: string) => {
  const result = parseAddress(typed);
  return result.ok ? result.value : result.problem;
};

describe('addresses', () => {
  it.each([
    ['福建省福州市示例区示例路1号2层', { address: '福建省福州市示例区示例路1号2层', province: '35' }],
    ['住所：福建省福州市示例区示例路１号（２层）。', { address: '福建省福州市示例区示例路１号（２层）', province: '35' }],
    ['公司地址在示例区示例路1号', { address: '示例区示例路1号' }],
    ['示例镇示例村三组', { address: '示例镇示例村三组' }],
    ['示例街道示例大道旁边', { address: '示例街道示例大道旁边', remark: 'address-no-number' }],
    ['示例路1号', { code: 'address-too-short', length: 5, least: 8 }],
    ['示'.repeat(101), { code: 'address-too-long', length: 101, most: 100 }],
    ['12345678', { code: 'address-form' }],
    ['', { code: 'address-too-short', length: 0, least: 8 }],
  ])('%s: %j', (typed, expected) => {
    expect(read(typed)).toEqual(expected);
  });

  it('never throw, and are read again to the same', () => {
    fc.assert(
      fc.property(hostileText('福建省示例路1号2层（）地址在是：，。'), (text) => {
        const result = parseAddress(text);
        if (result.ok) expect(read(result.value.address)).toEqual(result.value);
      }),
    );
  });
});

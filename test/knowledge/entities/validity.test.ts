import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longTermTooYoung, parseValidity, validityValue } from '../../../knowledge/entities/validity.ts';
import { hostileText } from './hostile-text.ts';

const today = '2026-11-24';
const read = (typed: string) => {
  const result = parseValidity(typed, today);
  return result.ok ? validityValue(result.value) : result.problem;
};

describe('validity of documents', () => {
  it.each([
    ['2020.1.2-2040.1.2', '2020-01-02/2040-01-02'],
    ['2020年1月2日至长期', '2020-01-02/long'],
    ['20200102-20400102', '2020-01-02/2040-01-02'],
    ['2020010220400102', '2020-01-02/2040-01-02'],
    ['2020-01-02/2040-01-02', '2020-01-02/2040-01-02'],
    ['2020-1-2-2040-1-2', '2020-01-02/2040-01-02'],
    ['２０２０．０１．０２—２０４０．０１．０２', '2020-01-02/2040-01-02'],
    ['从2020 年 1 月 2 日到 2040/1/2', '2020-01-02/2040-01-02'],
    ['二〇二〇年一月二日至二〇四〇年一月二日', '2020-01-02/2040-01-02'],
    ['有效期到2030年1月2日', '/2030-01-02'],
    ['2030.1.2', '/2030-01-02'],
    ['2020 01 02 2040 01 02', '2020-01-02/2040-01-02'],
    ['2020年1月2日起20年', '2020-01-02/2040-01-02'],
    ['2020.02.29起十年', '2020-02-29/2030-02-28'],
    ['2020.1.2-长期', '2020-01-02/long'],
    ['长期', '/long'],
    ['无固定期限', '/long'],
    ['/long', '/long'],
    ['/2030-01-02', '/2030-01-02'],
  ])('%s: %s', (typed, value) => {
    expect(read(typed)).toBe(value);
  });

  it('ends soon within three months', () => {
    expect(parseValidity('2027-02-23', today)).toMatchObject({ value: { remark: 'expires-soon' } });
    expect(parseValidity('2027-02-24', today)).toEqual({ ok: true, value: { to: '2027-02-24' } });
    expect(parseValidity('2026-11-24', today)).toMatchObject({ value: { remark: 'expires-soon' } });
  });

  it.each([
    ['', { code: 'validity-format' }],
    ['不知道', { code: 'validity-format' }],
    ['2030年', { code: 'validity-format' }],
    ['2020.1.2-2040', { code: 'validity-format' }],
    ['2020年1月2日起', { code: 'validity-format' }],
    ['2020.1.2 2030.1.2 2040.1.2', { code: 'validity-format' }],
    ['2020.1.2-2030.2.30', { code: 'validity-format', typed: '2030-02-30' }],
    ['2030.13.1', { code: 'validity-format', typed: '2030-13-01' }],
    ['2040.1.2-2020.1.2', { code: 'validity-order', from: '2040-01-02', to: '2020-01-02' }],
    ['2027.1.2-2040.1.2', { code: 'validity-order', from: '2027-01-02', to: '2040-01-02', future: true }],
    ['2015.1.2-2025.1.2', { code: 'document-expired', on: '2025-01-02' }],
    ['2026-11-23', { code: 'document-expired', on: '2026-11-23' }],
  ])('%s: %j', (typed, problem) => {
    expect(read(typed)).toEqual(problem);
  });

  it('without an end is given from 46 years on', () => {
    expect(longTermTooYoung('1990-01-01', { from: '2020-01-02', to: 'long' }, today)).toBe(true);
    expect(longTermTooYoung('1974-01-02', { from: '2020-01-02', to: 'long' }, today)).toBe(false);
    expect(longTermTooYoung('1974-01-03', { from: '2020-01-02', to: 'long' }, today)).toBe(true);
    expect(longTermTooYoung('1980-11-24', { to: 'long' }, today)).toBe(false);
    expect(longTermTooYoung('1990-01-01', { to: '2030-01-01' }, today)).toBe(false);
  });

  it('is read in every form of writing', () => {
    const day = (from: number, to: number) =>
      fc.integer({ min: Date.UTC(from, 0, 1), max: Date.UTC(to, 0, 1) }).map((time) => new Date(time).toISOString().slice(0, 10));
    const style = fc.constantFrom<(day: string) => string>(
      (each) => each,
      (each) => each.replaceAll('-', '.'),
      (each) => each.replaceAll('-', '/'),
      (each) => each.replaceAll('-', ''),
      (each) => each.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日'),
      (each) => each.replace(/-0?/g, '.'),
    );
    fc.assert(
      fc.property(day(1990, 2026), day(2027, 2090), style, fc.constantFrom('-', '至', ' 到 ', '~', '—'), (from, to, write, between) => {
        expect(read(`有效期限：${write(from)}${between}${write(to)}`)).toBe(`${from}/${to}`);
        expect(read(`${from}/${to}`)).toBe(`${from}/${to}`);
      }),
    );
  });

  it('never throws, and is read again from what was read', () => {
    fc.assert(
      fc.property(hostileText('0123456789年月日至长期./起一二〇'), (text) => {
        const value = read(text);
        if (typeof value === 'string') expect(read(value)).toBe(value);
      }),
    );
  });
});

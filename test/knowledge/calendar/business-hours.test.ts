import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BusinessHours,
  isOpenAt,
  nextOpening,
  openTimeBetween,
  parseBusinessHours,
} from '../../../knowledge/calendar/business-hours.ts';

const hoursOf = (text: string): BusinessHours => {
  const parsed = parseBusinessHours(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.value;
};
const office = hoursOf('1-5 09:00-12:00,13:30-18:00');
const shop = hoursOf('1-5 9:00-18:00; 6 10:00-16:00');
const inChina = (text: string) => Date.parse(`${text.replace(' ', 'T')}:00+08:00`);

describe('business hours', () => {
  it.each([
    ['2026-11-27 09:00', true, 'Friday at nine'],
    ['2026-11-27 08:59', false, 'before nine'],
    ['2026-11-27 12:00', false, 'lunch'],
    ['2026-11-27 13:30', true, 'after lunch'],
    ['2026-11-27 18:00', false, 'closed'],
    ['2026-11-28 10:00', false, 'Saturday'],
    ['2026-10-01 10:00', false, 'National Day, a Thursday'],
    ['2026-10-10 10:00', true, 'a Saturday worked in exchange for the holiday'],
    ['2026-02-14 14:00', true, 'another one, before Spring Festival'],
  ])('%s: open %s (%s)', (moment, open) => {
    expect(isOpenAt(office, inChina(moment))).toBe(open);
  });

  it.each([
    ['2026-11-28 11:00', true],
    ['2026-10-03 11:00', false],
    ['2026-10-10 09:30', false],
  ])('a shop that works on Saturdays has its own hours there: %s %s', (moment, open) => {
    expect(isOpenAt(shop, inChina(moment))).toBe(open);
  });

  it.each([
    ['2026-11-27 10:00', '2026-11-27 10:00'],
    ['2026-11-27 07:00', '2026-11-27 09:00'],
    ['2026-11-27 12:30', '2026-11-27 13:30'],
    ['2026-11-27 18:00', '2026-11-30 09:00'],
    ['2026-09-30 19:00', '2026-10-08 09:00'],
  ])('from %s the next opening is %s', (moment, opening) => {
    expect(nextOpening(office, inChina(moment))).toBe(inChina(opening));
  });

  it('counts only the hours in which somebody is there', () => {
    expect(openTimeBetween(office, inChina('2026-11-27 11:30'), inChina('2026-11-27 14:00')) / 60_000).toBe(60);
    expect(openTimeBetween(office, inChina('2026-11-27 17:50'), inChina('2026-11-30 09:20')) / 60_000).toBe(30);
    expect(openTimeBetween(office, inChina('2026-10-01 09:00'), inChina('2026-10-07 18:00'))).toBe(0);
  });

  it.each([
    '',
    '8 09:00-12:00',
    '5-1 09:00-12:00',
    '1-5',
    '1-5 12:00-09:00',
    '1 09:00-25:00',
    '1 9-12',
    '1 09:00-12:00,11:00-13:00',
    '一 9:00',
  ])('refuses %j', (text) => {
    expect(parseBusinessHours(text).ok).toBe(false);
  });

  it('reads anything without a fault, and opens when it says it opens', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseBusinessHours(text)));
    const moments = fc.integer({ min: inChina('2026-01-01 00:00'), max: inChina('2027-12-31 00:00') });
    fc.assert(
      fc.property(moments, (moment) => {
        const opening = nextOpening(office, moment);
        expect(opening !== undefined && opening >= moment && isOpenAt(office, opening)).toBe(true);
        expect(openTimeBetween(office, moment, opening ?? 0)).toBe(0);
      }),
    );
  });
});

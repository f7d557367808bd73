import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findFilingNumbers,
  findSerialWithoutProvince,
  formatFilingNumber,
  type OfficialNumber,
  parseFilingNumber,
} from '../../../knowledge/entities/filing-number.ts';
import { provinceOf, provinces } from '../../../knowledge/entities/province.ts';

const today = '2026-11-24';

/** What was found, in one line: kind, character of the province, the rest. */
function summary(text: string): string[] {
  return findFilingNumbers(text, { today }).map(describeNumber);
}

function describeNumber(found: OfficialNumber): string {
  const province = 'province' in found && found.province ? provinceOf(found.province).prefix : '-';
  switch (found.kind) {
    case 'filing':
      return [formatFilingNumber(found), found.service?.type ?? 'filer', found.year, ...found.remarks.map(({ code }) => code)].join(' ');
    case 'license':
      return ['license', province, found.classes ?? 'old', found.serial, ...(found.service ? [found.service] : [])].join(' ');
    case 'public-security':
      return ['public-security', province, found.digits, found.provinceAgrees ? 'agrees' : 'disagrees'].join(' ');
    case 'other':
      return `other ${found.certificate}`;
  }
}

describe('numbers in a message', () => {
  it.each([
    // The forms, and how people type them.
    ['京ICP备09031924号', '京ICP备09031924号 filer 2009'],
    ['京ICP备17042306号-4', '京ICP备17042306号-4 website 2017'],
    ['京ICP备①⑦⓪④②③⓪⑥号-４', '京ICP备17042306号-4 website 2017'],
    ['京icp备10046444号-9', '京ICP备10046444号-9 website 2010'],
    ['粤ICP备2024281756号-2X', '粤ICP备2024281756号-2X mini-program 2024'],
    ['鲁ICP备2021022006号-4A', '鲁ICP备2021022006号-4A app 2021'],
    ['沪ICP备09031924号-3k', '沪ICP备09031924号-3K quick-app 2009'],
    ['沪ICP备2021527689-3号', '沪ICP备2021527689号-3 website 2021 number-sign-misplaced'],
    ['京 ICP 备 09031924号', '京ICP备09031924号 filer 2009'],
    ['陇ICP备 05000593', '陇ICP备05000593号 filer 2005'],
    ['京ＩＣＰ备０９０３１９２４号－１', '京ICP备09031924号-1 website 2009'],
    ['京ICP備09031924號', '京ICP备09031924号 filer 2009'],
    ['蘇ICP備2021033841號', '苏ICP备2021033841号 filer 2021'],
    ['京ICP备案09031924号', '京ICP备09031924号 filer 2009'],
    ['粤ICP备案号：2021033841号', '粤ICP备2021033841号 filer 2021'],
    ['ICP粤备2021033841号', '粤ICP备2021033841号 filer 2021'],
    ['沪lCP备09031924号', '沪ICP备09031924号 filer 2009'],
    ['沪ICP备09031924号—2', '沪ICP备09031924号-2 website 2009'],
    ['我的备案号是粤ICP备 2021 033841号 谢谢', '粤ICP备2021033841号 filer 2021'],
    ['浙ICP备2020036024号-X', '浙ICP备2020036024号 filer 2020 service-ignored'],
    ['贵ICP备(example.com)05052049号-13', '黔ICP备05052049号-13 website 2005 prefix-not-standard'],
    // Eight digits are two of the year, whatever they look like.
    ['京ICP备20210001号', '京ICP备20210001号 filer 2020'],
    // Characters and names that stand for the right one.
    ['川ICP备09150084号', '蜀ICP备09150084号 filer 2009 prefix-not-standard'],
    ['备案号川ICP备09150084号', '蜀ICP备09150084号 filer 2009 prefix-not-standard'],
    ['甘ICP备09150084号', '陇ICP备09150084号 filer 2009 prefix-not-standard'],
    ['秦ICP备09150084号', '陕ICP备09150084号 filer 2009 prefix-not-standard'],
    ['四川ICP备2021033841号-1', '蜀ICP备2021033841号-1 website 2021 prefix-not-standard'],
    ['南京ICP备2021033841号', '苏ICP备2021033841号 filer 2021 prefix-not-standard'],
    ['辽宁ICP备2021033841号', '辽ICP备2021033841号 filer 2021 prefix-not-standard'],
    // Placeholders.
    ['京ICP备12345678号', '京ICP备12345678号 filer 2012 looks-like-example'],
    ['京ICP备00000000号', '京ICP备00000000号 filer 2000 looks-like-example'],
    ['京ICP备36012345号', '京ICP备36012345号 filer 2036 looks-like-example'],
    ['京ICP备03012345号', '京ICP备03012345号 filer 2003 looks-like-example'],
    // Licences.
    ['京ICP证030173号', 'license 京 old 030173'],
    ['京ICP证030173号-1', 'license 京 old 030173 1'],
    ['黔B2-20090050-4', 'license 黔 B2 20090050 4'],
    ['粤B2-20090059-1626X', 'license 粤 B2 20090059 1626X'],
    ['川B2-20030065号', 'license 蜀 B2 20030065'],
    ['A2.B1.B2-20090001', 'license - A2.B1.B2 20090001'],
    ['京ICP备B2-20202418', 'license 京 B2 20202418'],
    // Numbers of the police.
    ['京公网安备 11010502030143号', 'public-security 京 11010502030143 agrees'],
    ['滇公网安备：53010302000386号', 'public-security 滇 53010302000386 agrees'],
    ['贵公网安备52010302000386号', 'public-security 黔 52010302000386 agrees'],
    ['云公网安备 36010902000181号', 'public-security 滇 36010902000181 disagrees'],
    ['川公网安备51019002001679号', 'public-security 蜀 51019002001679 agrees'],
    // Other certificates.
    ['京网文〔2020〕1234-567号', 'other culture'],
    ['（京）-经营性-2017-0020', 'other drug-information'],
  ])('%s is %s', (typed, expected) => {
    expect(summary(typed)).toEqual([expected]);
  });

  it.each([
    ['京ICP备123456789号', 'nine digits'],
    ['蜀ICP备1338号', 'four digits'],
    ['阿里云ICP备案流程', '云 of a company'],
    ['阿里云ICP备案号：09031924', 'no province'],
    ['港ICP备09031924号', 'Hong Kong gives none'],
    ['甘公网安备 235487154313号', 'twelve digits'],
    ['icp备案要多久', 'a question'],
  ])('%s has none: %s', (typed) => {
    expect(summary(typed)).toEqual([]);
  });

  it('are all found, each with its place in what was typed', () => {
    const typed = '页脚：京ICP备 17042306号-4　京ICP证030173号，京B2-20202418，A2.B1.B2-20202637 京公网安备 11010502030143号';
    expect(findFilingNumbers(typed).map(({ start, end }) => typed.slice(start, end))).toEqual([
      '京ICP备 17042306号-4',
      '京ICP证030173号',
      '京B2-20202418',
      'A2.B1.B2-20202637',
      '京公网安备 11010502030143号',
    ]);
  });

  it('do not run into the numbers beside them', () => {
    expect(summary('京ICP备09031924 13800138000')).toEqual(['京ICP备09031924号 filer 2009']);
    expect(summary('阿里云ICP备案号：京ICP备09031924号')).toEqual(['京ICP备09031924号 filer 2009']);
  });

  it('without a province leave its digits to be asked about', () => {
    expect(findSerialWithoutProvince('我的备案号是2021033841，帮我看看')).toBe('2021033841');
    expect(findSerialWithoutProvince('备案号 09031924')).toBe('09031924');
    expect(findSerialWithoutProvince('备案电话 13800138000')).toBeUndefined();
    expect(findSerialWithoutProvince('订单 09031924')).toBeUndefined();
    expect(findSerialWithoutProvince('备案号京ICP备09031924号')).toBeUndefined();
  });
});

describe('the filing number that was asked for', () => {
  it('is taken apart, whatever leads in', () => {
    expect(parseFilingNumber('网站备案号：川ICP备09150084号-2A。', { today })).toEqual({
      ok: true,
      value: {
        kind: 'filing',
        province: '51',
        serial: '09150084',
        year: 2009,
        service: { number: 2, type: 'app' },
        remarks: [{ code: 'prefix-not-standard', typed: '川', standard: '蜀' }],
      },
    });
  });

  it.each([
    ['京ICP证030173号', { code: 'filing-number-is-license', license: '京ICP证030173号' }],
    ['京B2-20202418', { code: 'filing-number-is-license', license: '京B2-20202418' }],
    ['ICP证还没办', { code: 'filing-number-is-license', license: 'ICP证还没办' }],
    ['京公网安备 11010502030143号', { code: 'filing-number-is-public-security', number: '京公网安备 11010502030143号' }],
    ['甘公网安备 235487154313号', { code: 'filing-number-is-public-security', number: '甘公网安备 235487154313号' }],
    ['京网文〔2020〕1234-567号', { code: 'filing-number-is-other', certificate: 'culture' }],
    ['京ICP备123456789号', { code: 'filing-number-digits', digits: 9, letters: '' }],
    ['京ICP备0903192O号', { code: 'filing-number-digits', digits: 7, letters: 'O' }],
    ['号码是2021033841', { code: 'filing-number-no-province', serial: '2021033841' }],
    ['港ICP备09031924号', { code: 'filing-number-no-province', serial: '09031924' }],
    ['京ICP备09031924号和沪ICP备09031924号', { code: 'filing-number-several', numbers: ['京ICP备09031924号', '沪ICP备09031924号'] }],
    ['不知道', { code: 'filing-number-format' }],
    ['', { code: 'filing-number-format' }],
  ])('is refused as %s, with the reason', (typed, problem) => {
    expect(parseFilingNumber(typed)).toEqual({ ok: false, problem });
  });

  it('said twice is still one', () => {
    expect(parseFilingNumber('京ICP备09031924号，对，京icp备09031924').ok).toBe(true);
  });
});

const filingNumber = fc.record({
  province: fc.constantFrom(...provinces.map(({ code }) => code)),
  serial: fc.oneof(
    fc
      .tuple(fc.integer({ min: 5, max: 26 }), fc.integer({ min: 0, max: 999_999 }))
      .map(([year, running]) => pad(year, 2) + pad(running, 6)),
    fc.tuple(fc.integer({ min: 2020, max: 2026 }), fc.integer({ min: 0, max: 999_999 })).map(([year, running]) => year + pad(running, 6)),
  ),
  service: fc.option(
    fc.record({
      number: fc.integer({ min: 1, max: 9999 }),
      type: fc.constantFrom('website' as const, 'app' as const, 'mini-program' as const, 'quick-app' as const),
    }),
    { nil: undefined },
  ),
});

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

describe('any filing number', () => {
  it('is read back from its customary form, also in lower case, full width and with spaces between its parts', () => {
    const dress = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toLowerCase(),
      (text: string) => text.replace(/[!-~]/g, (half) => String.fromCharCode(half.charCodeAt(0) + 0xfee0)),
      (text: string) => text.replace(/(ICP|备|号)/g, ' $1 '),
      (text: string) => `备案号：${text}。`,
    );
    fc.assert(
      fc.property(filingNumber, dress, ({ province, serial, service }, wear) => {
        const parsed = parseFilingNumber(wear(formatFilingNumber({ province, serial, ...(service && { service }) })));
        expect(parsed).toMatchObject({ ok: true, value: { province, serial, ...(service && { service }) } });
      }),
    );
  });

  it('mistyped, cut or buried in noise is read or refused, never thrown at, and spans lie in the text', () => {
    const noise = fc.string({ unit: fc.constantFrom(...'京粤川云ICP备案证号公网安-—0123456789OlABX. （）\u200b\n'), maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(noise, fc.string({ unit: 'binary', maxLength: 60 })), (text) => {
        expect(typeof parseFilingNumber(text, { today }).ok).toBe('boolean');
        for (const { start, end } of findFilingNumbers(text)) expect(0 <= start && start < end && end <= text.length).toBe(true);
      }),
    );
  });
});

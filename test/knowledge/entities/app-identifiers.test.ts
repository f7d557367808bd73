import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBundleId, parseMd5, parsePackageName, parsePublicKey, parseSha1 } from '../../../knowledge/entities/app-identifiers.ts';
import type { Result } from '../../../knowledge/entities/result.ts';
import { hostileText } from './hostile-text.ts';

const read = <Value, Problem>(result: Result<Value, Problem>) => (result.ok ? result.value : result.problem);

const md5 = '0123456789abcdefABCDEF0123456789';
const sha1 = `${md5}01234567`;

// Rules: intake survey of 2026-11, section 2.15.
describe('identifiers of apps', () => {
  it.each([
    ['com.example.app', 'com.example.app'],
    ['com.Example.App_1', 'com.Example.App_1'],
    ['ｃｏｍ．ｅｘａｍｐｌｅ', 'com.example'],
    ['com。example。app', 'com.example.app'],
    ['包名是com.example.app。', 'com.example.app'],
    ['安卓包名：com.example.app', 'com.example.app'],
    ['package name: com.example.app', 'com.example.app'],
    ['app.example.id', 'app.example.id'],
  ])('package name %s', (typed, name) => {
    expect(read(parsePackageName(typed))).toBe(name);
  });

  it.each([
    ['example', { because: 'one-part' }],
    ['', { because: 'one-part' }],
    ['com..app', { because: 'empty-part' }],
    ['com.1example', { because: 'part-start', character: '1', position: 5 }],
    ['com._example', { because: 'part-start', character: '_', position: 5 }],
    ['com.ex-ample', { because: 'character', character: '-', position: 7 }],
    ['com.例子.app', { because: 'character', character: '例', position: 5 }],
    [`com.${'a'.repeat(130)}`, { because: 'too-long' }],
  ])('package name %s: %j', (typed, facts) => {
    expect(read(parsePackageName(typed))).toEqual({ code: 'app-package-format', ...facts });
  });

  it('bundle IDs have dashes and may begin with digits, but have no underscores', () => {
    expect(read(parseBundleId('Bundle ID：com.example.my-App'))).toBe('com.example.my-App');
    expect(read(parseBundleId('com.1example'))).toBe('com.1example');
    expect(read(parseBundleId('com.my_app'))).toEqual({ code: 'app-package-format', because: 'character', character: '_', position: 7 });
  });

  it.each([md5, md5.replace(/(..)(?=.)/g, '$1:'), md5.replace(/(....)(?=.)/g, '$1 '), `MD5：${md5}`, `证书MD5指纹是 ${md5}`])(
    'MD5 %s',
    (typed) => {
      expect(read(parseMd5(typed))).toBe(md5);
    },
  );

  it('SHA-1 is longer', () => {
    expect(read(parseSha1(`SHA1: ${sha1.replace(/(..)(?=.)/g, '$1:')}`))).toBe(sha1);
    expect(read(parseSha1(md5))).toEqual({ code: 'app-sha1-format', length: 32, looksLike: 'md5' });
  });

  it.each([
    [sha1, { length: 40, looksLike: 'sha1' }],
    [md5.slice(1), { length: 31 }],
    [md5.replace('0', 'O'), { length: 32, character: 'O', position: 1 }],
    [md5.replace('9a', '9g'), { length: 32, character: 'g', position: 11 }],
    ['没有', { length: 2, character: '没', position: 1 }],
  ])('MD5 %s: %j', (typed, facts) => {
    expect(read(parseMd5(typed))).toEqual({ code: 'app-md5-format', ...facts });
  });

  it('public keys of other lengths get a remark only', () => {
    const key = 'A1'.repeat(256);
    expect(read(parsePublicKey(`00${key}`))).toEqual({ key });
    expect(read(parsePublicKey(`公钥：${key.toLowerCase().replace(/(..)/g, '$1:')}`))).toEqual({ key: key.toLowerCase() });
    expect(read(parsePublicKey(key.slice(256)))).toEqual({ key: key.slice(256), remark: 'unusual-length' });
    expect(read(parsePublicKey(`${key.slice(2)}ZZ`))).toEqual({ code: 'app-public-key', length: 512, character: 'Z', position: 511 });
    expect(read(parsePublicKey('没有'))).toMatchObject({ code: 'app-public-key' });
  });

  it('never throw, and are read again from what was read', () => {
    const parsers: ((typed: string) => Result<string, unknown>)[] = [parsePackageName, parseBundleId, parseMd5, parseSha1];
    fc.assert(
      fc.property(hostileText('abCF019._:g包名'), (text) => {
        for (const parse of parsers) {
          const result = parse(text);
          if (result.ok) expect(read(parse(result.value))).toBe(result.value);
        }
        const key = parsePublicKey(text);
        if (key.ok) expect(read(parsePublicKey(key.value.key))).toEqual(key.value);
      }),
    );
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9A-F]{32}$/),
        fc.integer({ min: 1, max: 31 }),
        fc.constantFrom(...'GOIl中'),
        (digits, at, wrong) => {
          expect(read(parseMd5(`指纹：${digits}`))).toBe(digits);
          const result = parseMd5(`${digits.slice(0, at)}${wrong}${digits.slice(at + 1)}`);
          expect(read(result)).toMatchObject({ character: wrong, position: at + 1 });
        },
      ),
    );
  });
});

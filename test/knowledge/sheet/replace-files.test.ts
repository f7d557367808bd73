import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFiles } from '../../../knowledge/sheet/replace-files.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const contents = () =>
  Object.fromEntries(
    readdirSync(folder, { withFileTypes: true }).map((file) => [file.name, file.isFile() ? readFileSync(at(file.name), 'utf8') : 'folder']),
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'filing-replace-'));
  writeFileSync(at('a'), 'old a');
  writeFileSync(at('b'), 'old b');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('replacing files', () => {
  it('changes, makes and removes them', () => {
    replaceFiles([
      { path: at('a'), before: 'old a', after: 'new a' },
      { path: at('b'), before: 'old b', after: undefined },
      { path: at('c'), before: undefined, after: 'new c' },
    ]);
    expect(contents()).toEqual({ a: 'new a', c: 'new c' });
  });

  it.each([
    ['was changed meanwhile', 'older a'],
    ['was made meanwhile', undefined],
  ])('changes none when one %s', (_what, before) => {
    const replacements = [
      { path: at('b'), before: 'old b', after: 'new b' },
      { path: at('a'), before, after: 'new a' },
    ];
    expect(() => replaceFiles(replacements)).toThrow('was changed meanwhile: do it again');
    expect(contents()).toEqual({ a: 'old a', b: 'old b' });
  });

  it.each([
    ['cannot be written', { path: () => at(join('missing', 'c')), before: undefined, after: 'new c' }],
    ['cannot be put in place', { path: () => at('b'), before: 'old b', after: undefined }], // for the second time
  ])('changes none when one %s', (_what, { path, ...last }) => {
    const replacements = [
      { path: at('a'), before: 'old a', after: 'new a' },
      { path: at('b'), before: 'old b', after: undefined },
      { path: path(), ...last },
    ];
    expect(() => replaceFiles(replacements)).toThrow('are as they were before');
    expect(contents()).toEqual({ a: 'old a', b: 'old b' });
  });
});

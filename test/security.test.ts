import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../bot/paths.ts';

const lines = readFileSync(join(projectRoot, 'SECURITY.md'), 'utf8').split('\n');
const requirements = lines.flatMap((line) => {
  const [, id, , proof] = /^\| ([A-Z]{2}\d+) \| (.*?) \| (.*) \|$/.exec(line) ?? [];
  return id !== undefined && proof !== undefined ? [{ id, proof }] : [];
});

/** How many requirements each chapter of the list has. */
const chapters = { DL: 9, UP: 7, WG: 6, DK: 10, WX: 6, AM: 4, HT: 6, PD: 7, LG: 5, EX: 3, RT: 7, RL: 3, SC: 3, DF: 3 };

/** The tests that a line names: a file, and names of tests in the file named last. */
function testsOf(proof: string): { file: string; name: string }[] {
  let file = '';
  return [...proof.matchAll(/`(test\/[^`]+)`|"([^"]+)"/g)].flatMap(([, path, name]) => {
    if (path !== undefined) file = path;
    return name === undefined ? [] : [{ file, name }];
  });
}

describe('SECURITY.md', () => {
  it('has every requirement once, in order', () => {
    const all = Object.entries(chapters).flatMap(([chapter, count]) => Array.from({ length: count }, (_, at) => `${chapter}${at + 1}`));
    expect(requirements.map(({ id }) => id)).toEqual(all);
  });

  it.each(requirements.map(({ id, proof }) => [id, proof]))('%s names tests that there are, or says that it is not met', (_, proof) => {
    const tests = testsOf(proof);
    if (/^not (met|assessed)/.test(proof)) expect(tests).toEqual([]);
    else expect(tests.length).toBeGreaterThan(0);
    for (const { file, name } of tests) {
      expect(existsSync(join(projectRoot, file)), file).toBe(true);
      const source = readFileSync(join(projectRoot, file), 'utf8');
      expect(source.includes(`'${name}'`) || source.includes(`"${name}"`) || source.includes(`\`${name}\``), `${file}: ${name}`).toBe(true);
    }
  });
});

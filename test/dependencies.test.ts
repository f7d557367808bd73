import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../bot/paths.ts';

const packageSchema = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  dev: z.boolean().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
});
const read = (file: string): unknown => JSON.parse(readFileSync(join(projectRoot, file), 'utf8'));
const manifest = z
  .object({ dependencies: z.record(z.string(), z.string()), allowScripts: z.record(z.string(), z.boolean()) })
  .parse(read('package.json'));
const { packages } = z.object({ packages: z.record(z.string(), packageSchema) }).parse(read('package-lock.json'));

const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** What a server runs: everything but what only builds and tests it. */
const shipped = Object.entries(packages)
  .filter(([path, { dev }]) => path !== '' && !dev)
  .map(([path, entry]) => ({ name: nameOf(path), ...entry }));

const permissive = new Set(['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense']);

/** Why what has another licence may be shipped none the less. */
const exceptions: Record<string, string> = {
  'escape-regexp-component': 'says MIT in its readme, and nothing in its manifest',
  limiter: 'names MIT in the form of old manifests',
  'json-schema': 'leaves the choice of BSD-3-Clause',
};
/** LGPL, for libraries that are loaded as they are: nothing is built into ours. */
const libvips = /^@img\/sharp(-libvips)?-/;

describe('what the server is built from', () => {
  it('has no more than 26 packages of our own choosing', () => {
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(26);
  });

  it('has a licence that an agency can live with', () => {
    expect(shipped.length).toBeGreaterThan(200);
    const others = shipped.filter(({ name, license = 'none' }) => {
      const isPermissive = license.split(' AND ').every((one) => permissive.has(one));
      return !isPermissive && !libvips.test(name) && !(name in exceptions);
    });
    expect(others.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
  });

  it('names each package that runs something when it is installed', () => {
    const running = Object.entries(packages).flatMap(([path, { hasInstallScript }]) => (hasInstallScript ? [nameOf(path)] : []));
    expect(running.toSorted()).toEqual(Object.keys(manifest.allowScripts).toSorted());
  });

  it('is the same for everybody: each package with its sum', () => {
    const loose = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && integrity === undefined);
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  it.each([['ws', /^(8\.(2[1-9]|[3-9]\d)|7\.5\.(1[1-9]|[2-9]\d))/, 'older ones can be made to hold any amount of memory']])(
    'has a %s that is not known to be weak',
    (name, good) => {
      const there = shipped.filter((one) => one.name === name);
      expect(there.length).toBeGreaterThan(0);
      expect(there.filter(({ version = '' }) => !good.test(version))).toEqual([]);
    },
  );
});

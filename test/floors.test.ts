import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../bot/paths.ts';
import { readSources } from './support/sources.ts';

/** The floors bot -> dialogs -> knowledge, read from the sources themselves. */
const sources = readSources();

const importsOf = (text: string) => [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) => specifier);

/** Imports of all files under a folder: packages by their name, files by their path from the project's root. */
function importsUnder(folder: string): { file: string; imported: string }[] {
  return sources
    .filter(({ file }) => file.startsWith(folder))
    .flatMap(({ file, text }) =>
      importsOf(text).map((specifier) => ({
        file,
        imported: specifier.startsWith('.') ? relative(projectRoot, resolve(projectRoot, dirname(file), specifier)) : specifier,
      })),
    );
}

const offenders = (folder: string, forbidden: RegExp) =>
  importsUnder(folder)
    .filter(({ imported }) => forbidden.test(imported))
    .map(({ file, imported }) => `${file} imports ${imported}`);

describe('the floors', () => {
  it('are all there to be looked at', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(importsUnder('bot').length).toBeGreaterThan(100);
  });

  it.each([
    ['knowledge/', /^(dialogs|bot|test)\//, 'nothing above it'],
    ['knowledge/', /^(botbuilder|botframework|restify|redis|lmdb|ws|pino|node:http)/, 'no channel, server or store'],
    ['dialogs/', /^(bot|test)\//, 'nothing above it'],
    ['dialogs/', /^(node:|botbuilder|botframework|restify|redis|lmdb|ws|pino)/, 'nothing that reaches outside'],
    ['bot/', /^test\//, 'no tests'],
  ])('%s imports %o: %s', (folder, forbidden) => {
    expect(offenders(folder, forbidden)).toEqual([]);
  });

  it('let one file each know an SDK, and load it only when it is chosen', () => {
    expect(offenders('bot/', /^(botbuilder|botframework|@microsoft)/)).toEqual([
      'bot/channels/azure/agents.ts imports @microsoft/agents-activity',
      'bot/channels/azure/agents.ts imports @microsoft/agents-hosting',
      'bot/channels/azure/botbuilder.ts imports botbuilder',
    ]);
    expect(offenders('', /^bot\/channels\/azure\/(agents|botbuilder)\.ts$/).map((line) => line.split(' ')[0])).toEqual([
      'bot/channels/azure/connector.ts',
      'bot/channels/azure/connector.ts',
    ]);
    const connector = sources.find(({ file }) => file === 'bot/channels/azure/connector.ts')?.text ?? '';
    expect(connector).not.toMatch(/from '\.\/(agents|botbuilder)\.ts'/);
  });

  it('let only the store folder know which store runs', () => {
    expect(offenders('bot/', /^(lmdb|redis)/).filter((line) => !line.startsWith('bot/store/'))).toEqual([]);
  });

  it('read the environment in one place', () => {
    expect(sources.filter(({ text }) => text.includes('process.env')).map(({ file }) => file)).toEqual(['bot/config.ts']);
  });

  it('start other programs in two places, and run no text as code', () => {
    const starting = importsUnder('').filter(({ imported }) => /^node:(child_process|cluster|vm|worker_threads)$/.test(imported));
    expect(starting.map(({ file }) => file).toSorted()).toEqual(['bot/desk/misses/studies.ts', 'bot/documents/confined.ts']);
    const asCode = /(?<![.\w])eval\((?!script: )|new Function\(/; // Redis calls the running of its own scripts so
    expect(sources.filter(({ text }) => asCode.test(text)).map(({ file }) => file)).toEqual([]);
  });

  it('leave clocks and chance to the bot floor', () => {
    const ownClock = /Date\.now\(|new Date\(\)|performance\.now|Math\.random|randomUUID|randomBytes|setTimeout|setInterval/;
    expect(sources.filter(({ file, text }) => !file.startsWith('bot/') && ownClock.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { knowledgeFiles, projectRoot } from '../../bot/paths.ts';
import { dictionaryFiles } from '../../knowledge/text/segment.ts';

/** A built program in a folder of its own. */
export interface SmallBuild {
  /** The script to start. */
  program: string;
  remove(): void;
}

const category = 'agency-service.yaml';

/** In place of the hundred thousand words of the segmenter's general dictionary, a fifth of what a start takes; those of the trade are all there. */
const dictionary = ['备案 1000 n', '网站 1000 n', '域名 1000 n', '多少 1000 r', '时间 1000 n'];

/**
 * The built program, copied so that no build pulls it away from under a test, with the few topics of one category and few words: it
 * starts in half the time, and forms need no more.
 */
export function makeSmallBuild(): SmallBuild {
  const folder = mkdtempSync(join(tmpdir(), 'filing-build-'));
  const isLeftOut = (path: string) => ['faq', 'out-of-scope'].includes(basename(dirname(path))) || path.endsWith('.map');
  for (const part of ['package.json', 'knowledge', join('dist', 'server'), join('dist', 'pages')]) {
    cpSync(join(projectRoot, part), join(folder, part), { recursive: true, filter: (path) => !isLeftOut(path) });
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
  copyCategory(category, join(folder, 'knowledge', 'faq'));
  const cache = join(folder, 'dist', 'cache');
  mkdirSync(cache);
  const { dict, single } = dictionaryFiles(cache);
  writeFileSync(dict, `${dictionary.join('\n')}\n`);
  writeFileSync(single, '的 1\n');
  return { program: join(folder, 'dist', 'server', 'main.js'), remove: () => rmSync(folder, { recursive: true }) };
}

const textsAlone = new Map<string, string>();

/** Copies the topics of one category, `agency-service.yaml`, into a folder. Links to topics of others would be faults, and are left out. */
export function copyCategory(category: string, folder: string): void {
  const text = textsAlone.get(category) ?? textAlone(category);
  textsAlone.set(category, text);
  writeFileSync(join(folder, category), text);
}

function textAlone(category: string): string {
  const { entries, ...rest } = parse(readFileSync(join(knowledgeFiles.faq, category), 'utf8')) as { entries: Record<string, unknown>[] };
  const alone = entries.map(({ related: _, confusableWith: __, ...entry }) => entry);
  return stringify({ ...rest, entries: alone }, { lineWidth: 0 });
}

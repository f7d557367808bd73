import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { knowledgeFiles, projectRoot } from '../../bot/paths.ts';

/** A built program in a folder of its own. */
export interface SmallBuild {
  /** The script to start. */
  program: string;
  remove(): void;
}

const category = 'agency-service.yaml';

/**
 * The built program, copied so that no build pulls it away from under a test, with the few topics of one category: it starts in a
 * fraction of the time, and forms need no more.
 */
export function makeSmallBuild(): SmallBuild {
  const folder = mkdtempSync(join(tmpdir(), 'filing-build-'));
  const isTopics = (path: string) => ['faq', 'out-of-scope'].includes(basename(dirname(path)));
  for (const part of ['package.json', 'knowledge', join('dist', 'server'), join('dist', 'pages')]) {
    cpSync(join(projectRoot, part), join(folder, part), { recursive: true, filter: (path) => !isTopics(path) });
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
  copyCategory(category, join(folder, 'knowledge', 'faq'));
  return { program: join(folder, 'dist', 'server', 'main.js'), remove: () => rmSync(folder, { recursive: true }) };
}

/** Copies the topics of one category, `agency-service.yaml`, into a folder. Links to topics of others would be faults, and are left out. */
export function copyCategory(category: string, folder: string): void {
  const { entries, ...rest } = parse(readFileSync(join(knowledgeFiles.faq, category), 'utf8')) as { entries: Record<string, unknown>[] };
  const alone = entries.map(({ related: _, confusableWith: __, ...entry }) => entry);
  writeFileSync(join(folder, category), stringify({ ...rest, entries: alone }, { lineWidth: 0 }));
}

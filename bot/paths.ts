import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { knowledgeCodeDigest } from '../knowledge/code-digest.ts';
import type { KnowledgeFiles } from '../knowledge/knowledge.ts';

/** The folder with package.json, from the sources as well as from the built program. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

const knowledge = join(projectRoot, 'knowledge');

/** Put in by the build: the digest of the sources that the program was built from. */
declare const KNOWLEDGE_CODE: string | undefined;

export const knowledgeFiles: KnowledgeFiles = {
  faq: join(knowledge, 'faq'),
  outOfScope: join(knowledge, 'out-of-scope'),
  figures: join(knowledge, 'figures.yaml'),
  words: join(knowledge, 'text', 'words.txt'),
  calibration: join(knowledge, 'matching', 'calibration.json'),
  cache: join(projectRoot, 'dist', 'cache'),
  snapshot: join(projectRoot, 'dist', 'cache', 'knowledge.bin'),
  code: typeof KNOWLEDGE_CODE === 'string' ? KNOWLEDGE_CODE : knowledgeCodeDigest(projectRoot),
};

/** The labelled questions that changes of the knowledge base are measured on. */
export const labelledQuestions = join(knowledge, 'evaluation', 'questions.yaml');

/** Questions that must go on being answered. */
export const regressionsFile = join(knowledge, 'evaluation', 'regressions.yaml');

/** Topics that wait for editors to complete them. */
export const draftsFolder = join(knowledge, 'drafts');

/** What the agents' desk looks at, and writes, to make knowledge of what was not answered. */
export const missesFiles = { knowledge: knowledgeFiles, questions: labelledQuestions, regressions: regressionsFile, drafts: draftsFolder };

export const pagesFolder = join(projectRoot, 'dist', 'pages');

/** Where the built program is, and with it the programs that it starts; from the sources, in tests, those are the last that were built. */
export const serverFolder = join(projectRoot, 'dist', 'server');

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('No package.json above the program: run it from within the project.');
  return findRoot(parent);
}

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { MissesFiles } from '../../bot/desk/misses/misses.ts';
import { FaultyKnowledge, type Studies } from '../../bot/desk/misses/studies.ts';
import { study } from '../../bot/desk/misses/study.ts';
import { LiveKnowledge } from '../../bot/live-knowledge.ts';
import { knowledgeFiles } from '../../bot/paths.ts';
import { formatFault, KnowledgeError } from '../../knowledge/fault.ts';
import type { KnowledgeFiles } from '../../knowledge/knowledge.ts';
import { silentLog } from './conversations.ts';
import { copyCategory } from './small-build.ts';

export interface KnowledgeCopy {
  files: MissesFiles;
  live: LiveKnowledge;
  /** In this process, where it is not tested that each is one of its own. */
  studies: Pick<Studies, 'of'>;
  close(): void;
}

/** A few questions stand for all that are labelled: measuring these takes no time. */
const labelled = {
  topics: {
    'what-is-icp-filing': {
      clean: [
        '备案到底是啥东西呀',
        '老板让我了解一下网站备案，用大白话讲讲',
        'ICP备案里这三个字母是啥缩写',
        '上线前登记的那个手续是干嘛的',
      ],
    },
  },
  outOfScope: { far: ['今天天气怎么样', '帮我写一首诗', '附近有什么好吃的', '股票今天涨了吗'] },
};

/** Those of the project's topics that tests of editing are about: reading and indexing all that it has takes most of a second, each time. */
const categories = ['agency-service', 'basics', 'change', 'conflict', 'password', 'review'];

/** A part of the project's knowledge base in a folder of its own. */
export function copyKnowledgeFiles(): { folder: string; knowledge: KnowledgeFiles } {
  const folder = mkdtempSync(join(tmpdir(), 'filing-knowledge-copy-'));
  const { outOfScope, figures, calibration } = knowledgeFiles;
  const knowledge = {
    ...knowledgeFiles,
    faq: join(folder, 'faq'),
    outOfScope: join(folder, 'out-of-scope'),
    figures: join(folder, 'figures.yaml'),
    calibration: join(folder, 'calibration.json'),
    snapshot: join(folder, 'knowledge.bin'),
  };
  mkdirSync(knowledge.faq);
  for (const category of categories) copyCategory(`${category}.yaml`, knowledge.faq);
  mkdirSync(knowledge.outOfScope);
  cpSync(join(outOfScope, 'far.yaml'), join(knowledge.outOfScope, 'far.yaml'));
  cpSync(figures, knowledge.figures);
  cpSync(calibration, knowledge.calibration);
  return { folder, knowledge };
}

/** The same, taken into use and watched as a running bot does, with questions to measure it on. */
export function copyKnowledge(): KnowledgeCopy {
  const { folder, knowledge } = copyKnowledgeFiles();
  mkdirSync(join(folder, 'evaluation'));
  const questions = join(folder, 'evaluation', 'questions.yaml');
  writeFileSync(questions, stringify(labelled));
  const live = new LiveKnowledge(knowledge, silentLog);
  live.watch();
  const files = { knowledge, questions, regressions: join(folder, 'evaluation', 'regressions.yaml'), drafts: join(folder, 'drafts') };
  return {
    files,
    live,
    studies: {
      of: async (task) => {
        try {
          return study(files, task);
        } catch (error) {
          throw error instanceof KnowledgeError ? new FaultyKnowledge(error.faults.map(formatFault)) : error;
        }
      },
    },
    close: () => {
      live.close();
      rmSync(folder, { recursive: true });
    },
  };
}

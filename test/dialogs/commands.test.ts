import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { labelledQuestions, projectRoot } from '../../bot/paths.ts';
import { readCommand } from '../../dialogs/commands.ts';
import { readQuestions } from '../../knowledge/evaluation/questions.ts';
import { realKnowledge } from '../support/knowledge.ts';

const labelled = parse(readFileSync(join(projectRoot, 'test', 'dialogs', 'commands.yaml'), 'utf8')) as Record<string, string[]>;
const { entries } = realKnowledge();

describe('commands', () => {
  it.each(Object.entries(labelled))('to %s are recognised in at least 19 of 20 wordings', (command, wordings) => {
    const missed = wordings.filter((wording) => readCommand(wording) !== command);
    expect(missed.length / wordings.length, missed.join(' | ')).toBeLessThanOrEqual(0.05);
  });

  it('are never seen in questions about filings', () => {
    const questions = readQuestions(labelledQuestions, new Set(entries.map(({ id }) => id)));
    const asked = questions.filter(({ topic }) => topic !== undefined && topic !== 'agency-human').map((question) => question.asked);
    expect(asked.filter((text) => readCommand(text) !== undefined)).toEqual([]);
  });

  it('are never seen in phrasings of topics', () => {
    const phrasings = entries.filter(({ id }) => id !== 'agency-human').flatMap((entry) => [entry.question, ...entry.phrasings]);
    expect(phrasings.filter((text) => readCommand(text) !== undefined)).toEqual([]);
  });

  it.each([
    [
      '人工审核要多久',
      '备案注销怎么取消',
      '转人工审核是什么意思',
      '客服说我域名没实名怎么办',
      '删除网站备案信息怎么操作',
      '重新备案要多久',
    ],
  ])('are not words inside a question', (...questions) => {
    expect(questions.filter((text) => readCommand(text) !== undefined)).toEqual([]);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { regressionsFile } from '../../../bot/paths.ts';
import { readRegressions, withoutRegressions, withRegressions } from '../../../knowledge/evaluation/regressions.ts';
import { realKnowledge } from '../../support/knowledge.ts';

const first = { asked: '元服务: 要备案吗 # 急', topic: 'app-filing', added: '2026-11-24', by: 'a1' };
const second = { asked: '备案能加急吗', topic: 'review-time', added: '2026-11-25', by: 'a2' };

describe('regressions', () => {
  it('are answered by their topics', () => {
    const kept = readRegressions(existsSync(regressionsFile) ? readFileSync(regressionsFile, 'utf8') : undefined);
    const wrong = kept.filter(({ asked, topic }) => {
      const { decision, results } = realKnowledge().match(asked);
      return decision !== 'answer' || results[0]?.id !== topic;
    });
    expect(wrong).toEqual([]);
  });

  it('are added to a file that explains itself, and taken out again', () => {
    const one = withRegressions(undefined, [first]);
    expect(one).toMatch(/^# Questions that customers asked in vain/);
    const two = withRegressions(one, [second]);
    expect(readRegressions(two)).toEqual([first, second]);
    expect(withoutRegressions(two, [second])).toEqual({ outcome: 'removed', text: one });
    expect(withoutRegressions(one, [first])).toEqual({ outcome: 'removed', text: undefined });
  });

  it('keep the comments and the order of those who edited the file', () => {
    const text = withRegressions(undefined, [first])?.concat(
      '# checked in November\n- asked: "备案能加急吗" # 常问\n  topic: review-time\n  added: 2026-11-25\n  by: a2\n',
    );
    const more = withRegressions(text, [{ ...first, asked: '又一问' }]);
    expect(more).toContain('# checked in November\n- asked: "备案能加急吗" # 常问\n');
    expect(withoutRegressions(more, [{ ...first, asked: '又一问' }])).toEqual({ outcome: 'removed', text });
  });

  it('are not taken out when they are no longer as they were written', () => {
    const text = withRegressions(undefined, [first, second]);
    expect(withoutRegressions(text?.replace('app-filing', 'app-other'), [first])).toEqual({ outcome: 'changed' });
    expect(withoutRegressions(undefined, [first])).toEqual({ outcome: 'changed' });
  });

  it.each([
    ['a list in another form', 'asked: 甲'],
    ['a question without its topic', '- {asked: 甲, added: 2026-11-24, by: a1}'],
    ['no YAML', '- [甲'],
  ])('are refused as %s', (_what, text) => {
    expect(() => withRegressions(text, [first])).toThrow('regressions.yaml');
  });
});

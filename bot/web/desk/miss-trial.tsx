import { measureNames, type Trial, type TriedQuestion } from '../../desk/desk-api.ts';
import { plain } from './words.ts';

/** All labelled questions are asked twice; on a busy small machine that takes most of a minute. */
export const studyPatienceMs = 100_000;

const measureWords: Record<(typeof measureNames)[number], string> = {
  accuracy: '首选主题正确',
  recallAt3: '前三个里有正确主题',
  coverage: '直接回答',
  precision: '直接回答正确',
  wronglyAnswered: '范围外却回答',
  refused: '范围外拒答',
};

/** What a proposal would do. */
export function TrialView({ trial: { measures, questions, faults }, topic }: { trial: Trial; topic: string }) {
  const helped = questions.filter(({ after }) => isAnsweredBy(after, topic)).length;
  return (
    <section class="trial" aria-label="试的结果">
      {faults.length > 0 && (
        <div class="problem" role="alert">
          <p>检查不通过，不能生效：</p>
          <ul>
            {faults.map((fault) => (
              <li key={fault}>{plain(fault)}</li>
            ))}
          </ul>
        </div>
      )}
      {questions.length > 0 && (
        <>
          <h3>
            这组问题：{helped} / {questions.length} 个会由这个主题直接回答
          </h3>
          <ul class="tried">
            {questions.map((question) => (
              <li key={question.text}>
                <span class={`tag ${isAnsweredBy(question.after, topic) ? '' : 'strong'}`}>{verdictOf(question, topic)}</span>
                <span dir="auto">{plain(question.text)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {measures && (
        <>
          <h3>整个知识库：{measures.after.questions}个评测问题</h3>
          <table>
            <thead>
              <tr>
                <th>指标</th>
                <th>现在</th>
                <th>改后</th>
              </tr>
            </thead>
            <tbody>
              {measureNames.map((name) => (
                <tr key={name}>
                  <td>{measureWords[name]}</td>
                  <td>{share(measures.before[name])}</td>
                  <td>
                    {share(measures.after[name])} {changeOf(name, measures.after[name] - measures.before[name])}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

function isAnsweredBy({ decision, topic: found }: TriedQuestion['after'], topic: string): boolean {
  return decision === 'answer' && found === topic;
}

function verdictOf({ after }: TriedQuestion, topic: string): string {
  if (isAnsweredBy(after, topic)) return '会答上';
  if (after.decision === 'answer') return '由别的主题回答';
  return after.decision === 'suggest' ? '只列出相近主题' : '仍答不上';
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}

function changeOf(name: (typeof measureNames)[number], change: number) {
  if (Math.abs(change) < 0.0005) return null;
  const better = change > 0 === (name !== 'wronglyAnswered');
  return <span class={`tag ${better ? '' : 'strong'}`}>{better ? '变好' : '变差'}</span>;
}

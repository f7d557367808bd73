import { useId, useState } from 'preact/hooks';
import type { MissCluster, MissedQuestion, Misses, NearTopic, Settled, Trial } from '../../desk/desk-api.ts';
import { send } from './calls.ts';
import { useDesk, useNow } from './context.ts';
import { useDeed } from './deed.ts';
import { Actions, Dialog, Problem } from './dialog.tsx';
import { studyPatienceMs, TrialView } from './miss-trial.tsx';
import { day, percent, plain } from './words.ts';

interface MissProposalProps {
  cluster: MissCluster;
  misses: Misses;
  /** The cluster is no longer open. */
  settled: () => Promise<void>;
}

/** One cluster, and what to make of it. Nothing takes effect before it was tried. */
export function MissProposal({ cluster, misses, settled }: MissProposalProps) {
  const { desk } = useDesk();
  const { act, problem, busy, setProblem } = useDeed(() => undefined);
  const [topic, setTopic] = useState(cluster.topics[0]?.topic ?? '');
  const [written, setWritten] = useState(() => firstPhrasings(cluster).join('\n'));
  const [trial, setTrial] = useState<Trial | undefined>(undefined);
  const [asked, ask] = useState<'draft' | 'dismiss' | undefined>(undefined);
  const questions = cluster.questions.map(({ text }) => text);
  const phrasings = phrasingsIn(written);
  const proposal = { topic, phrasings, questions };
  const change = (set: () => void) => {
    set();
    setTrial(undefined);
    setProblem('');
  };
  const done = async (words: string) => {
    desk.say(words);
    await settled();
  };
  const tryIt = () => act(async () => setTrial(await send<Trial>('misses/preview', proposal, studyPatienceMs)));
  const accept = ({ digest }: Trial) =>
    act(async () => {
      await send<Settled>('misses/accept', { ...proposal, digest }, studyPatienceMs);
      await done(`已生效：补充了${phrasings.length}个问法`);
    });
  const sound = trial?.measures !== undefined && trial.faults.length === 0;
  return (
    <section class="proposal" aria-label="处理这组问题">
      <Questions
        cluster={cluster}
        add={(text) => change(() => setWritten([...phrasingsIn(written), text].join('\n')))}
        has={(text) => phrasings.includes(text)}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void tryIt();
        }}
      >
        <TopicSelect near={cluster.topics} all={misses.topics} value={topic} choose={(each) => change(() => setTopic(each))} />
        <label>
          要补充的问法（一行一个，可以改写得更通用）
          <textarea
            rows={Math.max(3, Math.min(8, phrasings.length + 1))}
            value={written}
            onInput={({ currentTarget }) => change(() => setWritten(currentTarget.value))}
          />
        </label>
        {trial && <TrialView trial={trial} topic={topic} />}
        {problem && <Problem>{problem}</Problem>}
        <div class="actions">
          <button type="button" class="first" onClick={() => ask('dismiss')}>
            不处理
          </button>
          <button type="button" onClick={() => ask('draft')}>
            起草新主题
          </button>
          <button type="submit" class={trial ? '' : 'primary'} disabled={busy || phrasings.length === 0 || topic === ''}>
            {busy && !trial ? '正在试，需要几秒…' : '试一试'}
          </button>
          {trial && (
            <button type="button" class="primary" disabled={busy || !sound || !misses.writable} onClick={() => void accept(trial)}>
              {busy ? '正在写入…' : '确认生效'}
            </button>
          )}
        </div>
      </form>
      {asked === 'draft' && (
        <DraftDialog
          question={questions[0] ?? ''}
          phrasings={phrasings}
          questions={questions}
          close={() => ask(undefined)}
          done={() => done('草稿已写好，在“已处理”里下载')}
        />
      )}
      {asked === 'dismiss' && <DismissDialog questions={questions} close={() => ask(undefined)} done={() => done('这组问题不再列出')} />}
    </section>
  );
}

interface QuestionsProps {
  cluster: MissCluster;
  add: (text: string) => void;
  has: (text: string) => boolean;
}

function Questions({ cluster: { questions, count, firstAt, lastAt, days }, add, has }: QuestionsProps) {
  const now = useNow();
  const [all, setAll] = useState(false);
  const shown = all ? questions : questions.slice(0, fewQuestions);
  return (
    <>
      <p class="quiet">
        问了{count}次，{days}天里有人问，{day(firstAt, now)}到{day(lastAt, now)}
      </p>
      <ul class="missed">
        {shown.map((question) => (
          <li key={question.text}>
            <span dir="auto">{plain(question.text)}</span>
            <span class="quiet whole">{countsOf(question)}</span>
            <button
              type="button"
              class="small"
              disabled={!isClean(question.text) || has(asPhrasing(question.text))}
              aria-label={`加为问法：${plain(question.text)}`}
              title={isClean(question.text) ? '加为问法' : '含有遮住的内容，请自己改写'}
              onClick={() => add(asPhrasing(question.text))}
            >
              加为问法
            </button>
          </li>
        ))}
      </ul>
      {questions.length > shown.length && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          显示全部{questions.length}种问法
        </button>
      )}
    </>
  );
}

interface TopicSelectProps {
  near: readonly NearTopic[];
  all: Misses['topics'];
  value: string;
  choose: (topic: string) => void;
}

function TopicSelect({ near, all, value, choose }: TopicSelectProps) {
  const isNear = new Set(near.map(({ topic }) => topic));
  return (
    <label>
      归到哪个主题
      <select value={value} required onChange={({ currentTarget }) => choose(currentTarget.value)}>
        <optgroup label="最接近的">
          {near.map(({ topic, title, confidence }) => (
            <option key={topic} value={topic}>
              {plain(title)}（{percent(confidence)}）
            </option>
          ))}
        </optgroup>
        <optgroup label="其他主题">
          {all
            .filter(({ topic }) => !isNear.has(topic))
            .map(({ topic, title }) => (
              <option key={topic} value={topic}>
                {plain(title)}
              </option>
            ))}
        </optgroup>
      </select>
    </label>
  );
}

interface DraftDialogProps {
  question: string;
  phrasings: readonly string[];
  questions: readonly string[];
  close: () => void;
  done: () => Promise<void>;
}

function DraftDialog({ question, phrasings, questions, close, done }: DraftDialogProps) {
  const { act, problem, busy } = useDeed(close);
  const [title, setTitle] = useState(isClean(question) ? asPhrasing(question).slice(0, longestTitle) : '');
  return (
    <Dialog title="起草新主题" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(async () => {
            await send<Settled>('misses/draft', { question: title.trim(), phrasings, questions });
            await done();
          });
        }}
      >
        <label>
          标准问题（最多{longestTitle}字）
          <input value={title} maxlength={longestTitle} required onInput={({ currentTarget }) => setTitle(currentTarget.value)} />
        </label>
        <p class="hint">
          会生成一张带{phrasings.length}个问法的表格。编辑补上答案、来源、核对日期和其余问法后再导入，导入前不会用它回答客户。
        </p>
        {phrasings.length === 0 && <Problem>请先写至少一个问法。</Problem>}
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="生成草稿" disabled={phrasings.length === 0} />
      </form>
    </Dialog>
  );
}

interface DismissDialogProps {
  questions: readonly string[];
  close: () => void;
  done: () => Promise<void>;
}

function DismissDialog({ questions, close, done }: DismissDialogProps) {
  const { act, problem, busy } = useDeed(close);
  const [why, setWhy] = useState('');
  const reasons = useId();
  return (
    <Dialog title="不处理这组问题" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(async () => {
            await send<Settled>('misses/dismiss', { questions, why: why.trim() });
            await done();
          });
        }}
      >
        <label>
          原因（可不填）
          <input value={why} maxlength={200} list={reasons} onInput={({ currentTarget }) => setWhy(currentTarget.value)} />
        </label>
        <datalist id={reasons}>
          <option value="与备案无关" />
          <option value="不是我们的业务" />
          <option value="看不出在问什么" />
        </datalist>
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="不再列出" />
      </form>
    </Dialog>
  );
}

const fewQuestions = 8;
const longestTitle = 40;
const longestPhrasing = 120;
const mostProposed = 3;

/** The questions that say best what the cluster asks, as a beginning. */
function firstPhrasings({ questions }: MissCluster): string[] {
  const texts = questions.map(({ text }) => text).filter((text) => isClean(text) && text.length <= longestPhrasing);
  return texts.slice(0, mostProposed).map(asPhrasing);
}

function phrasingsIn(written: string): string[] {
  const lines = written.split('\n').map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}

/** Nothing in it was covered. */
function isClean(text: string): boolean {
  return !/\*{2}|\[email\]/.test(text);
}

const wideSigns: Record<string, string> = { ',': '，', '?': '？', '!': '！', ';': '；', ':': '：' };

/** Notes have narrow signs; between Chinese characters editors write wide ones. */
function asPhrasing(text: string): string {
  return plain(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/(?<=\p{Script=Han})[,?!;:]/gu, (sign) => wideSigns[sign] ?? sign);
}

function countsOf({ unanswered, notUseful }: MissedQuestion): string {
  return [unanswered > 0 && `未答${unanswered}`, notUseful > 0 && `没用${notUseful}`].filter(Boolean).join('，');
}

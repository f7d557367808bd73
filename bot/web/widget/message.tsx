import { Markdown } from '../shared/markdown.tsx';
import { type Bubble, isFromPerson } from './chat.ts';
import { FileChip } from './file-chip.tsx';
import { explainRefusal, mayComeAgain } from './files.ts';
import { CaseNumber, Progress, RefusalHead, Summary } from './form-parts.tsx';
import { SeveralChoices } from './several-choices.tsx';

export interface MessageProps {
  bubble: Bubble;
  before: Bubble | undefined;
  online: boolean;
  /** Sends a choice; undefined: the choices are no longer open. */
  choose: ((text: string) => void) | undefined;
  /** Sends what changes a line of the summary; undefined: its lines are no longer open. */
  change: ((text: string) => void) | undefined;
  retry: () => void;
}

const pauseMs = 10 * 60_000;
const onItsWay = { none: '发送中…', unavailable: '服务暂时不可用，正在自动重试', limited: '消息较多，稍后自动发送' };

export function Message({ bubble, before, online, choose, change, retry }: MessageProps) {
  const { own, time, delivery, uploaded, delay, refusal } = bubble;
  const refused = refusal && explainRefusal(refusal);
  const person = isFromPerson(bubble) ? (bubble.activity?.from.name ?? '') : undefined;
  return (
    <>
      {(!before || time - before.time > pauseMs) && <p class="time">{formatTime(time)}</p>}
      <article class={`message ${own ? 'own' : 'theirs'}`} aria-label={own ? '我说' : person ? `客服${person}说` : '助手说'}>
        {own ? (
          <div class="bubble" dir="auto">
            {bubble.text}
            <Files bubble={bubble} />
          </div>
        ) : person !== undefined ? (
          <>
            <p class="speaker">客服 {person}</p>
            <div class="bubble person" dir="auto">
              {bubble.text}
              <Files bubble={bubble} />
            </div>
          </>
        ) : (
          <Answer bubble={bubble} choose={choose} change={change} />
        )}
        {delivery === 'sending' && uploaded !== undefined && online ? (
          <Upload share={uploaded} />
        ) : (
          delivery === 'sending' && <p class="delivery">{online ? onItsWay[delay ?? 'none'] : '恢复连接后自动发送'}</p>
        )}
        {delivery === 'failed' && refused && <p class="refused">{refused}</p>}
        {delivery === 'failed' && !(refused && !mayComeAgain(refusal)) && (
          <button type="button" class="retry" onClick={retry}>
            {refused ? '重新发送' : '发送失败，点此重试'}
          </button>
        )}
      </article>
    </>
  );
}

/** Hidden from the live region, which would read out every step. */
function Upload({ share }: { share: number }) {
  return (
    <p class="upload" aria-live="off">
      <progress max={1} value={share} aria-label="上传进度" />
      {share < 1 ? `已上传${Math.floor(share * 100)}%` : '正在检查…'}
    </p>
  );
}

function Files({ bubble: { files, activity } }: Pick<MessageProps, 'bubble'>) {
  const sent = activity?.attachments ?? files?.map(({ name, type }) => ({ name, contentType: type })) ?? [];
  if (sent.length === 0) return null;
  return (
    <ul class="files" aria-label="文件">
      {sent.map(({ name = '文件', contentType }, at) => (
        <FileChip key={at} name={name} contentType={contentType} />
      ))}
    </ul>
  );
}

function Answer({ bubble: { text, activity }, choose, change }: Pick<MessageProps, 'bubble' | 'choose' | 'change'>) {
  const filing = activity?.channelData?.filing ?? {};
  const { kind, provenanceAt, choicesAt = text.length, progress, caseNumber, several } = filing;
  const { summary, summaryAt = 0, summaryEnd = summaryAt } = filing;
  const said = text.slice(0, provenanceAt ?? choicesAt);
  const choices = activity?.suggestedActions?.actions ?? [];
  const feedback = choices.filter(({ value }) => feedbackLabels.includes(value));
  const others = choices.filter(({ value }) => !feedbackLabels.includes(value));
  const [feedbackInvitation, invitation] = invitations(text.slice(choicesAt), feedback.length > 0);
  return (
    <>
      <div class={`bubble ${kind === 'refuse' ? 'refusal' : ''} ${summary ? 'wide' : ''}`}>
        {kind === 'refuse' && <RefusalHead />}
        {kind === 'ask' && progress && progress.total > 0 && <Progress {...progress} />}
        {kind === 'opened' && caseNumber && <CaseNumber number={caseNumber} />}
        {summary ? (
          <>
            <Markdown source={said.slice(0, summaryAt)} />
            <Summary lines={summary} change={change} />
            <Markdown source={said.slice(summaryEnd)} />
          </>
        ) : (
          <Markdown source={said} />
        )}
        {provenanceAt !== undefined && (
          <footer class="provenance">
            <Markdown source={text.slice(provenanceAt, choicesAt)} />
          </footer>
        )}
        {choose && feedback.length > 0 && (
          <div class="feedback">
            <span>{feedbackInvitation}</span>
            {feedback.map(({ title, value }) => (
              <button type="button" key={value} onClick={() => choose(value)}>
                {title}
              </button>
            ))}
          </div>
        )}
      </div>
      {choose && several && <SeveralChoices labels={others.map(({ value }) => value)} several={several} choose={choose} />}
      {choose && !several && others.length > 0 && (
        <div class="offer">
          {invitation && <p class="invitation">{invitation}</p>}
          <ul class={`choices ${kind === 'consent' ? 'consent' : others.every(({ title }) => title.length <= shortLabel) ? 'short' : ''}`}>
            {others.map(({ title, value }) => (
              <li key={value}>
                <button type="button" onClick={() => choose(value)}>
                  {title}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

const feedbackLabels = ['有用', '没用'];
/** Labels up to this length stand beside each other. */
const shortLabel = 7;

/** The line that leads over to the choices: its question about the answer stands beside the feedback, the rest above the others. */
function invitations(tail: string, feedback: boolean): string[] {
  const [line = ''] = tail.trim().split('\n');
  if (/^\d+\. /.test(line)) return ['', ''];
  const end = feedback ? line.indexOf('？') + 1 : 0;
  return [line.slice(0, end), line.slice(end)];
}

function formatTime(time: number): string {
  const date = new Date(time);
  const today = new Date();
  const clock = date.toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' });
  return date.toDateString() === today.toDateString() ? clock : `${date.getMonth() + 1}月${date.getDate()}日 ${clock}`;
}

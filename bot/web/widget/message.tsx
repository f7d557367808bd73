import type { Bubble } from './chat.ts';
import { Markdown } from './markdown.tsx';

export interface MessageProps {
  bubble: Bubble;
  before: Bubble | undefined;
  online: boolean;
  /** Sends a choice; undefined: the choices are no longer open. */
  choose: ((text: string) => void) | undefined;
  retry: () => void;
}

const pauseMs = 10 * 60_000;

export function Message({ bubble, before, online, choose, retry }: MessageProps) {
  const { own, time, delivery } = bubble;
  return (
    <>
      {(!before || time - before.time > pauseMs) && <p class="time">{formatTime(time)}</p>}
      <article class={`message ${own ? 'own' : 'theirs'}`} aria-label={own ? '我说' : '助手说'}>
        {own ? (
          <p class="bubble" dir="auto">
            {bubble.text}
          </p>
        ) : (
          <Answer bubble={bubble} choose={choose} />
        )}
        {delivery === 'sending' && <p class="delivery">{online ? '发送中…' : '恢复连接后自动发送'}</p>}
        {delivery === 'failed' && (
          <button type="button" class="retry" onClick={retry}>
            发送失败，点此重试
          </button>
        )}
      </article>
    </>
  );
}

function Answer({ bubble: { text, activity }, choose }: Pick<MessageProps, 'bubble' | 'choose'>) {
  const { provenanceAt, choicesAt = text.length } = activity?.channelData?.filing ?? {};
  const choices = activity?.suggestedActions?.actions ?? [];
  const feedback = choices.filter(({ value }) => feedbackLabels.includes(value));
  const others = choices.filter(({ value }) => !feedbackLabels.includes(value));
  const [feedbackInvitation, invitation] = invitations(text.slice(choicesAt), feedback.length > 0);
  return (
    <>
      <div class="bubble">
        <Markdown source={text.slice(0, provenanceAt ?? choicesAt)} />
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
      {choose && others.length > 0 && (
        <div class="offer">
          {invitation && <p class="invitation">{invitation}</p>}
          <ul class="choices">
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

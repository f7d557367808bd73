import type { Bubble } from './chat.ts';
import { Markdown } from './markdown.tsx';

export interface MessageProps {
  bubble: Bubble;
  before: Bubble | undefined;
  /** Sends a choice; undefined: the choices are no longer open. */
  choose: ((text: string) => void) | undefined;
  retry: () => void;
}

const pauseMs = 10 * 60_000;

export function Message({ bubble, before, choose, retry }: MessageProps) {
  const { own, time, delivery } = bubble;
  return (
    <>
      {(!before || time - before.time > pauseMs) && <p class="time">{formatTime(time)}</p>}
      <article class={`message ${own ? 'own' : 'theirs'} ${delivery}`} aria-label={own ? '我说' : '助手说'}>
        {own ? <p class="bubble">{bubble.text}</p> : <Answer bubble={bubble} choose={choose} />}
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
            <span>这个回答有用吗？</span>
            {feedback.map(({ title, value }) => (
              <button type="button" key={value} onClick={() => choose(value)}>
                {title}
              </button>
            ))}
          </div>
        )}
      </div>
      {choose && others.length > 0 && (
        <ul class="choices">
          {others.map(({ title, value }) => (
            <li key={value}>
              <button type="button" onClick={() => choose(value)}>
                {title}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const feedbackLabels = ['有用', '没用'];

function formatTime(time: number): string {
  const date = new Date(time);
  const today = new Date();
  const clock = date.toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' });
  return date.toDateString() === today.toDateString() ? clock : `${date.getMonth() + 1}月${date.getDate()}日 ${clock}`;
}

import { useState } from 'preact/hooks';
import type { ConversationView, Entry } from '../../desk/desk-api.ts';
import { Markdown } from '../shared/markdown.tsx';
import { api, requireFile } from './calls.ts';
import { useDesk } from './context.ts';
import { Icon } from './icon.tsx';
import { Unscanned } from './unscanned.tsx';
import { Watermark } from './watermark.tsx';
import { clock, day, eventText, explain, oneLine, percent, plain, undeliveredText } from './words.ts';

export interface EntryViewProps {
  entry: Entry;
  before: Entry | undefined;
  conversation: string;
  /** What the desk calls whoever has no name. */
  customer: string;
  now: number;
  /** What became of it, where it did not reach the customer at once. */
  undelivered?: ConversationView['undelivered'][number] | undefined;
}

const pauseMs = 3 * 60_000;
/** Answers longer than this are shown by their beginning: an agent has read them often. */
const longText = 260;

export function EntryView({ entry, before, conversation, customer, now, undelivered }: EntryViewProps) {
  const { at, from, name, text } = entry;
  const today = day(at, now);
  const newDay = !before || day(before.at, now) !== today;
  const follows = !newDay && before?.from === from && before.name === name && at - before.at < pauseMs;
  return (
    <>
      {newDay && (
        <p class="rule day">
          <span>{today}</span>
        </p>
      )}
      {from === 'event' ? (
        <p class="rule">
          <span>
            {plain(eventText(entry))} <time>{clock(at)}</time>
          </span>
        </p>
      ) : (
        <article class={`message ${from} ${follows ? 'follows' : ''}`} aria-label={`${speakerOf(entry, customer)}，${clock(at)}`}>
          {!follows && (
            <header>
              <bdi>{speakerOf(entry, customer)}</bdi> <time>{clock(at)}</time>
            </header>
          )}
          <div class="bubble">
            {from === 'bot' ? (
              <BotText entry={entry} />
            ) : (
              text !== '' && (
                <p class="text" dir="auto">
                  {plain(text)}
                </p>
              )
            )}
            <Files entry={entry} conversation={conversation} />
          </div>
          {undelivered && <p class={`undelivered ${undelivered.state}`}>{undeliveredText(undelivered)}</p>}
        </article>
      )}
    </>
  );
}

function speakerOf({ from, name }: Entry, customer: string): string {
  if (from === 'bot') return '机器人';
  return oneLine(name) || (from === 'agent' ? '客服' : customer);
}

function BotText({ entry }: { entry: Entry }) {
  const text = plain(entry.text);
  const { confidence, choices = [] } = entry;
  const isLong = text.length > longText;
  const [whole, setWhole] = useState(false);
  return (
    <>
      <div class={isLong && !whole ? 'text beginning' : 'text'}>
        <Markdown source={text} />
      </div>
      {isLong && (
        <button type="button" class="link" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? '收起' : '展开全文'}
        </button>
      )}
      {choices.length > 0 && (
        <ul class="choices" aria-label="给客户的选项">
          {choices.map((label, at) => (
            <li key={at}>{plain(label)}</li>
          ))}
        </ul>
      )}
      {confidence !== undefined && <p class="confidence">答案把握 {percent(confidence)}</p>}
    </>
  );
}

function Files({ entry: { files = [] }, conversation }: { entry: Entry; conversation: string }) {
  const { ask } = useDesk();
  if (files.length === 0) return null;
  return (
    <ul class="files">
      {files.map(({ file, name, contentType, unscanned }) => {
        const path = filePath(conversation, file);
        const address = `${api}/${path}`;
        const shown = oneLine(name) || '文件';
        return (
          <li key={file}>
            {contentType.startsWith('image/') ? (
              <Picture path={path} name={shown} show={() => ask({ kind: 'picture', address, name: shown })} />
            ) : (
              <a class="file" href={address} download={shown}>
                <Icon name="file" />
                <bdi>{shown}</bdi>
              </a>
            )}
            {unscanned && <Unscanned />}
          </li>
        );
      })}
    </ul>
  );
}

function Picture({ path, name, show }: { path: string; name: string; show: () => void }) {
  const [trouble, setTrouble] = useState('');
  const findOut = () =>
    requireFile(path).then(
      () => setTrouble('打不开'),
      (error: unknown) => setTrouble(explain(error)),
    );
  if (trouble) {
    return (
      <span class="file">
        <Icon name="file" />
        <bdi>{name}</bdi>（{trouble}）
      </span>
    );
  }
  return (
    <button type="button" class="picture watermarked" onClick={show}>
      <img src={`${api}/${path}`} alt={`图片：${name}`} loading="lazy" decoding="async" onError={() => void findOut()} />
      <Watermark />
    </button>
  );
}

function filePath(conversation: string, file: string): string {
  return `conversations/${encodeURIComponent(conversation)}/files/${encodeURIComponent(file)}`;
}

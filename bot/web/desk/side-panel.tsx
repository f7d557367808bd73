import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Brief, Suggestion } from '../../desk/desk-api.ts';
import { isComposing } from '../shared/input.ts';
import { send } from './calls.ts';
import { fieldOf, hasKeyboard, useDesk, useNow } from './context.ts';
import { Icon } from './icon.tsx';
import { plainAnswer } from './plain-answer.ts';
import { caseAddress } from './route.ts';
import type { Talk } from './talk.ts';
import { Unscanned } from './unscanned.tsx';
import { channelName, dayAndClock, deadlineNames, deadlineText, duration, oneLine, percent, plain, reasonNames } from './words.ts';

/** What is known of the customer, and what helps to answer. Where there is little room it comes out from the side. */
export function SidePanel({ talk, open, close }: { talk: Talk; open: boolean; close: () => void }) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (open) panel.current?.focus();
  }, [open]);
  const { facts } = talk;
  if (!facts) return null;
  const { brief, notes } = facts;
  return (
    <>
      {open && <div class="shade" onPointerDown={close} />}
      <aside
        class={`side ${open ? 'open' : ''}`}
        aria-label="客户资料"
        tabIndex={-1}
        ref={panel}
        onKeyDown={(event) => event.key === 'Escape' && open && close()}
      >
        <button type="button" class="plain side-close" aria-label="收起资料" onClick={close}>
          <Icon name="close" />
        </button>
        <Overview brief={brief} />
        {talk.mine && <Suggestions talk={talk} />}
        {brief.form ? <Form talk={talk} form={brief.form} /> : talk.mine && <NoForm talk={talk} />}
        {brief.cases.length > 0 && <Cases cases={brief.cases} />}
        <Notes talk={talk} notes={notes} />
        {brief.asked.length > 0 && <Asked asked={brief.asked} />}
      </aside>
    </>
  );
}

function Part({ title, aside, name, children }: { title: string; aside?: string; name?: string; children: ComponentChildren }) {
  return (
    <section class={name} aria-label={title}>
      <h3>
        {title}
        {aside && <span class="quiet">{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

/** From here on something is to be done about it. */
const soonDays = 2;

function Overview({ brief }: { brief: Brief }) {
  const now = useNow();
  const { customer, channel, province, reason, since, startedAt, deadline } = brief;
  return (
    <Part title="客户">
      <dl class="facts">
        <dt>称呼</dt>
        <dd>
          <bdi>{oneLine(customer)}</bdi>
        </dd>
        <dt>渠道</dt>
        <dd>
          {channelName(channel)}，{dayAndClock(startedAt, now)}开始
        </dd>
        {province && (
          <>
            <dt>省份</dt>
            <dd>{plain(province)}</dd>
          </>
        )}
        {reason && (
          <>
            <dt>转人工</dt>
            <dd>
              {reasonNames[reason]}
              {since !== undefined && <span class="quiet">，{duration(now - since)}前</span>}
            </dd>
          </>
        )}
        {deadline && (
          <>
            <dt>最近期限</dt>
            <dd class={deadline.daysLeft <= soonDays ? 'soon' : undefined}>
              {deadlineNames[deadline.code]}：{deadlineText(deadline, now)}
              {deadline.caseNumber && (
                <>
                  {' '}
                  <a href={caseAddress(deadline.caseNumber)}>{deadline.caseNumber}</a>
                </>
              )}
            </dd>
          </>
        )}
      </dl>
    </Part>
  );
}

/** What is less likely takes more time to read than it saves. */
const leastConfidence = 0.1;

function Suggestions({ talk }: { talk: Talk }) {
  const asked = talk.entries.findLast(({ from }) => from === 'customer')?.position;
  useEffect(() => {
    void talk.suggest();
  }, [asked, talk]);
  const suggestions = (talk.suggestions ?? []).filter(({ confidence }) => confidence >= leastConfidence);
  if (suggestions.length === 0) return null;
  return (
    <Part title="推荐回答" aside="按客户最后一问" name="suggestions">
      <ul>
        {suggestions.map((suggestion) => (
          <SuggestionCard key={suggestion.topic} suggestion={suggestion} talk={talk} />
        ))}
      </ul>
    </Part>
  );
}

function SuggestionCard({ suggestion: { question, confidence, text }, talk }: { suggestion: Suggestion; talk: Talk }) {
  const answer = plainAnswer(plain(text));
  const [whole, setWhole] = useState(false);
  const insert = () => {
    talk.write([talk.draft.trimEnd(), answer].filter(Boolean).join('\n'));
    if (hasKeyboard()) document.getElementById(fieldOf(talk))?.focus();
  };
  return (
    <li>
      <button type="button" class="suggestion" aria-expanded={whole} onClick={() => setWhole(!whole)}>
        <span class="card-head">
          <strong>{plain(question)}</strong>
          <span class="quiet whole">{percent(confidence)}</span>
        </span>
        <span class={whole ? 'said all' : 'said'}>{whole ? answer : oneLine(answer)}</span>
      </button>
      <div class="actions">
        <button type="button" class="small" onClick={insert}>
          填入修改
        </button>
        <button type="button" class="small" onClick={() => talk.say(answer)}>
          直接发送
        </button>
      </div>
    </li>
  );
}

function NoForm({ talk }: { talk: Talk }) {
  const { ask } = useDesk();
  return (
    <Part title="正在办理" name="form">
      <button type="button" class="small" onClick={() => ask({ kind: 'begin', talk })}>
        <Icon name="add" size={14} />
        代开受理单
      </button>
    </Part>
  );
}

function Form({ talk, form }: { talk: Talk; form: NonNullable<Brief['form']> }) {
  const { ask } = useDesk();
  const { number, title, done, total, paused, items, next, documents } = form;
  const edit = (item: { field: string; label: string; value: string }) => ask({ kind: 'item', talk, ...item });
  return (
    <Part title={plain(title)} aside={`${done}/${total}${paused ? '，已暂停' : ''}`} name="form">
      <progress max={total} value={done} aria-label="填写进度" />
      {number && (
        <p class="number">
          <a href={caseAddress(number)}>{number}</a>
        </p>
      )}
      <dl class="items">
        {items.map((item) => (
          <div key={item.field}>
            <dt>{plain(item.label)}</dt>
            <dd>
              <span dir="auto">{plain(item.value)}</span>
              {talk.mine && (
                <button type="button" class="plain" aria-label={`修改${item.label}`} onClick={() => edit(item)}>
                  <Icon name="edit" size={14} />
                </button>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {next && (
        <p class="next-item">
          <span>下一项：{plain(next.label)}</span>
          {talk.mine && (
            <button type="button" class="small" onClick={() => edit({ ...next, value: '' })}>
              代填
            </button>
          )}
        </p>
      )}
      {documents.length > 0 && (
        <ul class="documents" aria-label="材料">
          {documents.map(({ title: document, name, unscanned }, at) => (
            <li key={at}>
              <Icon name="file" size={14} />
              {plain(document)}
              {name && <bdi class="quiet">{oneLine(name)}</bdi>}
              {unscanned && <Unscanned />}
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Cases({ cases }: Pick<Brief, 'cases'>) {
  return (
    <Part title="受理单" name="cases">
      <ul>
        {cases.map(({ number, state, title, filer }) => (
          <li key={number}>
            <span class="card-head">
              <strong>{plain(title)}</strong>
              <span class="tag">{plain(state)}</span>
            </span>
            <span class="quiet">
              <a href={caseAddress(number)}>{number}</a> <bdi>{oneLine(filer)}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Notes({ talk, notes }: { talk: Talk; notes: readonly { at: number; by: string; text: string }[] }) {
  const { desk } = useDesk();
  const now = useNow();
  const { note } = talk;
  const [busy, setBusy] = useState(false);
  const add = async () => {
    if (note.trim() === '' || busy) return;
    setBusy(true);
    const done = await desk.attempt(() => send(`${talk.path}/notes`, { text: note.trim() }));
    setBusy(false);
    if (!done) return;
    talk.writeNote('');
    void talk.load();
  };
  return (
    <Part title="内部备注" aside="客户看不到" name="notes">
      <ul>
        {notes.map(({ at, by, text }) => (
          <li key={`${at}${text}`}>
            <p dir="auto">{plain(text)}</p>
            <span class="quiet">
              <bdi>{oneLine(by)}</bdi> {dayAndClock(at, now)}
            </span>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <textarea
          rows={1}
          value={note}
          maxlength={1000}
          aria-label="写内部备注"
          placeholder="写备注，Enter 保存"
          onInput={({ currentTarget }) => talk.writeNote(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
            event.preventDefault();
            void add();
          }}
        />
        <button type="submit" class="small" disabled={busy || note.trim() === ''}>
          保存
        </button>
      </form>
    </Part>
  );
}

function Asked({ asked }: Pick<Brief, 'asked'>) {
  return (
    <Part title="问过机器人" name="asked">
      <ul>
        {asked.map(({ question, title, confidence, useful }, at) => (
          <li key={at}>
            <p dir="auto">{plain(question)}</p>
            <span class="quiet">
              {title ? `答：${plain(title)}` : '没有答上'}
              {confidence !== undefined && ` · 把握 ${percent(confidence)}`}
              {useful !== undefined && ` · 客户觉得${useful ? '有用' : '没用'}`}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

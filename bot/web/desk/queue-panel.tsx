import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Held, Task, Waiting } from '../../desk/desk-api.ts';
import { useDesk, useNow } from './context.ts';
import { Icon } from './icon.tsx';
import { channelName, dayAndClock, duration, oneLine, plain, reasonNames, skillNames, taskNames } from './words.ts';

/** Who waits, who is being talked with, and what else is to be done. */
export function QueuePanel() {
  const { desk } = useDesk();
  const { queue, own, others, tasks = [] } = desk;
  const waiting = queue?.waiting ?? [];
  const agents = queue?.agents ?? [];
  return (
    <aside class="queue" aria-label="队列">
      <section class="waiting" aria-label="等待接入">
        <header>
          <h2>
            等待接入 <Count of={waiting.length} urgent />
          </h2>
          <button type="button" class="primary small next" disabled={waiting.length === 0} onClick={() => void desk.takeNext()}>
            接下一位 <kbd>N</kbd>
          </button>
        </header>
        {waiting.length === 0 && <p class="empty">{queue ? '没有客户在等' : '正在读取…'}</p>}
        <ul>
          {waiting.map((each) => (
            <WaitingCard key={each.conversation} waiting={each} />
          ))}
        </ul>
      </section>
      <Part title="我的会话" count={own.length} empty="还没有会话">
        {own.map((held) => (
          <HeldRow key={held.conversation} held={held} />
        ))}
      </Part>
      {desk.isSupervisor && others.length > 0 && (
        <Part title="其他会话" count={others.length}>
          {others.map((held) => (
            <HeldRow key={held.conversation} held={held} others />
          ))}
        </Part>
      )}
      {tasks.length > 0 && (
        <Part title="待办" count={tasks.length}>
          {tasks.map((task) => (
            <TaskRow key={task.conversation} task={task} />
          ))}
        </Part>
      )}
      <Part title="客服" count={agents.filter(({ available }) => available).length} unit="人在线">
        {agents.map(({ id, name, available, conversations }) => (
          <li key={id} class={`agent ${available ? 'available' : ''}`}>
            <i />
            <bdi>{oneLine(name)}</bdi>
            <span class="quiet">{available ? (conversations > 0 ? `${conversations}个会话` : '空闲') : '离开'}</span>
          </li>
        ))}
      </Part>
    </aside>
  );
}

interface PartProps {
  title: string;
  count: number;
  unit?: string;
  empty?: string;
  children: ComponentChildren;
}

function Part({ title, count, unit, empty, children }: PartProps) {
  return (
    <section aria-label={title}>
      <header>
        <h2>
          {title} <Count of={count} {...(unit && { unit })} />
        </h2>
      </header>
      {count === 0 && empty && <p class="empty">{empty}</p>}
      <ul>{children}</ul>
    </section>
  );
}

function Count({ of, unit, urgent = false }: { of: number; unit?: string; urgent?: boolean }) {
  if (unit) return <span class="quiet">{`${of}${unit}`}</span>;
  return <span class={`count ${urgent && of > 0 ? 'urgent' : ''}`}>{of}</span>;
}

function WaitingCard({ waiting }: { waiting: Waiting }) {
  const { desk } = useDesk();
  const { conversation, customer, channel, since, reason, skill, returning, said, transferredFrom, note } = waiting;
  const name = oneLine(customer);
  const forOthers = waiting.for !== undefined && waiting.for !== desk.me?.id;
  return (
    <li class={`card ${desk.front === conversation ? 'front' : ''}`}>
      <button type="button" class="card-open" onClick={() => desk.show(conversation)}>
        <span class="card-head">
          <bdi class="name">{name}</bdi>
          <Waited since={since} />
        </span>
        <span class="tags">
          <span class="tag strong">{transferredFrom === undefined ? reasonNames[reason] : '转接'}</span>
          {skill && <span class="tag">{skillNames[skill]}</span>}
          {returning && <span class="tag">老客户</span>}
          <span class="quiet">{channelName(channel)}</span>
        </span>
        {transferredFrom !== undefined && (
          <span class="handover">
            <bdi>{oneLine(transferredFrom)}</bdi>
            {waiting.for === undefined ? '转来' : forOthers ? `转给${nameOfAgent(desk.queue?.agents, waiting.for)}` : '转给您'}
            {note && (
              <>
                ：<bdi>{plain(note)}</bdi>
              </>
            )}
          </span>
        )}
        <span class="said" dir="auto">
          {oneLine(said)}
        </span>
      </button>
      <button type="button" class="small take" aria-label={`接入${name}`} onClick={() => void desk.claim(conversation)}>
        接入
      </button>
    </li>
  );
}

function nameOfAgent(agents: readonly { id: string; name: string }[] = [], id = ''): string {
  return agents.find((agent) => agent.id === id)?.name ?? '其他客服';
}

const longWaitMs = 3 * 60_000;

function Waited({ since, words = '' }: { since: number; words?: string }) {
  const waited = useNow() - since;
  return (
    <span class={`waited ${waited > longWaitMs ? 'long' : ''}`}>
      {words}
      {duration(waited)}
    </span>
  );
}

function HeldRow({ held, others = false }: { held: Held; others?: boolean }) {
  const { desk } = useDesk();
  const { conversation, customer, agent, unansweredSince, said } = held;
  const unread = others ? 0 : (desk.talks.get(conversation)?.unread ?? 0);
  return (
    <li>
      <button
        type="button"
        class="row"
        aria-current={desk.front === conversation ? 'true' : undefined}
        onClick={() => desk.show(conversation)}
      >
        <span class="card-head">
          <bdi class="name">{oneLine(customer)}</bdi>
          {others ? (
            <bdi class="quiet">{oneLine(agent.name)}</bdi>
          ) : (
            unansweredSince !== undefined && <Waited since={unansweredSince} words="未回复" />
          )}
        </span>
        <span class="card-head">
          <span class="said one" dir="auto">
            {oneLine(said)}
          </span>
          {unread > 0 && (
            <span class="unread">
              {unread}
              <span class="unseen">条未读</span>
            </span>
          )}
        </span>
      </button>
    </li>
  );
}

function TaskRow({ task }: { task: Task }) {
  const { desk } = useDesk();
  const now = useNow();
  const [finishing, setFinishing] = useState(false);
  const { conversation, customer, channel, items } = task;
  const name = oneLine(customer);
  const finish = async () => {
    setFinishing(true);
    await desk.finishTask(task);
    setFinishing(false);
  };
  return (
    <li class="card task">
      <button type="button" class="card-open" onClick={() => desk.show(conversation)}>
        <span class="card-head">
          <bdi class="name">{name}</bdi>
          <span class="quiet">{channelName(channel)}</span>
        </span>
        {items.map(({ at, about, contact, said, caseNumber }, index) => (
          <span key={index} class="left">
            <span class="tags">
              <span class="tag">{taskNames[about]}</span>
              <span class="quiet">{dayAndClock(at, now)}</span>
            </span>
            {caseNumber && <span class="quiet">{caseNumber}</span>}
            {contact && (
              <span class="contact">
                联系：<bdi>{oneLine(contact)}</bdi>
              </span>
            )}
            {said && (
              <span class="said" dir="auto">
                {oneLine(said)}
              </span>
            )}
          </span>
        ))}
      </button>
      <button type="button" class="small finish" disabled={finishing} aria-label={`完成${name}的待办`} onClick={() => void finish()}>
        <Icon name="done" size={14} />
        完成
      </button>
    </li>
  );
}

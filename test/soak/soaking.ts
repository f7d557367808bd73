import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

export interface Soaked {
  /** Requests in a second that the server took when each came as soon as the one before was answered. */
  capacity: number;
  /** At which they then came. */
  rate: number;
  requests: number;
  /** What was answered otherwise than it should be, by what that was. */
  errors: Record<string, number>;
  samples: Sample[];
}

/** What the process told of itself, and Linux of it. */
export interface Sample {
  second: number;
  /** Its own memory. */
  ownMb: number;
  /** Of files: programs, and as much of the store as was read or written lately. It grows with the store, and the system takes it back at will. */
  mappedMb: number;
  heapMb: number;
  descriptors: number;
}

export interface SoakOptions {
  url: string;
  /** Of the process that serves there. */
  pid: number;
  /** For the measurement of the capacity, and for the load. */
  measureSeconds: number;
  seconds: number;
  sampleSeconds: number;
}

const workers = 16;
/** Each has a conversation; a new one in place of an old one after so many messages, as visitors come and go. */
const messagesEach = 20;
const words = [
  '备案要多久',
  '备案密码忘了怎么办',
  '谢谢',
  '网站名称有什么要求',
  '紫色的大象会不会弹钢琴',
  '我要首次备案',
  '网站',
  '稍后再填',
  '域名过期了怎么办',
];

interface Visit {
  id: string;
  token: string;
  said: number;
}

/** Finds out how much a server takes, and then loads it with half of that: new visitors, messages, polls, searches and pages. */
export async function soak({ url, pid, measureSeconds, seconds, sampleSeconds }: SoakOptions): Promise<Soaked> {
  const soaked: Soaked = { capacity: 0, rate: 0, requests: 0, errors: {}, samples: [] };
  let done = 0;
  const count = async (visits: Map<number, Visit>, worker: number) => {
    const fault = await step(url, visits, worker, done);
    done += 1;
    if (fault) soaked.errors[fault] = (soaked.errors[fault] ?? 0) + 1;
  };
  const visits = new Map<number, Visit>();
  await Promise.all(Array.from({ length: workers }, (_, worker) => until(measureSeconds, () => count(visits, worker))));
  soaked.capacity = done / measureSeconds;
  soaked.rate = soaked.capacity / 2;
  done = 0;
  const gapMs = (workers / soaked.rate) * 1000;
  const load = Array.from({ length: workers }, async (_, worker) => {
    await pause((gapMs * worker) / workers);
    let due = performance.now();
    await until(seconds, async () => {
      await count(visits, worker);
      due += gapMs;
      await pause(Math.max(0, due - performance.now()));
    });
  });
  const watch = async () => {
    for (let second = 0; second <= seconds; second += sampleSeconds) {
      soaked.samples.push(await sample(url, pid, second));
      await pause(sampleSeconds * 1000);
    }
  };
  await Promise.all([...load, watch()]);
  soaked.requests = done;
  return soaked;
}

async function until(seconds: number, act: () => Promise<void>): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) await act();
}

/** One request; gives what was wrong with its answer. */
async function step(url: string, visits: Map<number, Visit>, worker: number, at: number): Promise<string | undefined> {
  try {
    const visit = visits.get(worker);
    if (!visit || visit.said >= messagesEach) return await begin(url, visits, worker);
    const conversation = `${url}/v3/directline/conversations/${visit.id}/activities`;
    const authorization = `Bearer ${visit.token}`;
    switch (at % 5) {
      case 0:
        return await expected(200, fetch(`${url}/api/faq/search?q=${encodeURIComponent(words[at % words.length] ?? '')}`));
      case 1:
        return await expected(200, fetch(`${conversation}?watermark=`, { headers: { authorization } }));
      case 2:
        return await expected(200, fetch(`${url}/widget`));
      default: {
        visit.said += 1;
        const body = JSON.stringify({ type: 'message', text: words[(at + worker) % words.length] });
        return await expected(
          200,
          fetch(conversation, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body }),
        );
      }
    }
  } catch (error) {
    return String((error as Error).cause ?? error);
  }
}

async function begin(url: string, visits: Map<number, Visit>, worker: number): Promise<string | undefined> {
  const answer = await fetch(`${url}/widget/session`, { method: 'POST' });
  const { conversationId, token } = (await answer.json()) as { conversationId: string; token: string };
  visits.set(worker, { id: conversationId, token, said: 0 });
  return answer.status === 201 ? undefined : `session ${answer.status}`;
}

async function expected(status: number, asked: Promise<Response>): Promise<string | undefined> {
  const answer = await asked;
  await answer.arrayBuffer();
  return answer.status === status ? undefined : `${new URL(answer.url).pathname.split('/')[1]} ${answer.status}`;
}

async function sample(url: string, pid: number, second: number): Promise<Sample> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) / 1000);
  const text = await (await fetch(`${url}/metrics`)).text();
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    second,
    ownMb: megabytes('RssAnon'),
    mappedMb: megabytes('RssFile'),
    heapMb: Math.round(figure('nodejs_heap_size_used_bytes') / 1e6),
    descriptors: figure('process_open_fds'),
  };
}

/** The server has answered, and not with what was asked for. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number;
  /** What the answer says beside the error: who has taken a conversation, why a value was refused. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(status: number, retryAfterSeconds: number, facts: Readonly<Record<string, unknown>>) {
    super(`The server answered ${status}.`);
    this.status = status;
    const { code } = (facts.error ?? {}) as { code?: unknown };
    this.code = typeof code === 'string' ? code : '';
    this.retryAfterSeconds = retryAfterSeconds;
    this.facts = facts;
  }
}

/** No answer: no network, or no server. */
export class Unreachable extends Error {}

let signedOut: () => void = () => undefined;

/** Calls back whenever the server no longer knows who asks. */
export function whenSignedOut(tell: () => void): void {
  signedOut = tell;
}

const entrances: readonly string[] = ['session', 'invitation', 'entrance'];

const patienceMs = 20_000;
const keptMs = 60_000;

export const api = '/desk/api';

export function read<T>(path: string, patience = patienceMs): Promise<T> {
  return call<T>(path, { method: 'GET' }, patience);
}

/** The header is one that pages of other sites cannot send. */
export function send<T = undefined>(path: string, body: unknown = {}, patience = patienceMs): Promise<T> {
  const headers = { 'X-Desk': '1', 'Content-Type': 'application/json' };
  return call<T>(path, { method: 'POST', headers, body: JSON.stringify(body) }, patience);
}

async function call<T>(path: string, options: RequestInit, patience: number): Promise<T> {
  const response = await answerTo(path, options, patience);
  const text = await response.text().catch((cause: unknown) => {
    throw new Unreachable('The answer was cut off.', { cause });
  });
  if (!response.ok) throw refusal(path, response, text);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function answerTo(path: string, options: RequestInit, patience: number): Promise<Response> {
  try {
    return await fetch(`${api}/${path}`, { ...options, signal: AbortSignal.timeout(patience), credentials: 'same-origin' });
  } catch (cause) {
    throw new Unreachable('The server cannot be reached.', { cause });
  }
}

function refusal(path: string, { status, headers }: Response, text: string): Refused {
  // Where somebody comes in, it is the password that is wrong.
  if (status === 401 && !entrances.includes(path)) signedOut();
  return new Refused(status, Number(headers.get('Retry-After') ?? 0), factsOf(text));
}

/** A proxy in front of the server answers in other forms than ours. */
function factsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const facts: unknown = JSON.parse(text);
    return typeof facts === 'object' && facts !== null ? (facts as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A picture may be made ready at the first look, after others. */
const filePatienceMs = 2 * 60_000;
const nameEndings: Record<string, string> = { 'image/jpeg': '.jpg', 'image/png': '.png', 'application/pdf': '.pdf' };

/** Has the browser keep what is answered as a file; one that was cut off is not kept. */
export async function download(path: string, body: unknown, name: string, patience = patienceMs): Promise<void> {
  const headers = { 'X-Desk': '1', 'Content-Type': 'application/json' };
  keep(await contentAt(path, { method: 'POST', headers, body: JSON.stringify(body) }, patience), name);
}

/** The same of what a customer sent, whose name may end as another kind of file than it is given out as. */
export async function downloadFile(path: string, name: string): Promise<void> {
  const content = await contentAt(path, { method: 'GET' }, filePatienceMs);
  const ending = nameEndings[content.type];
  keep(content, ending ? name.replace(/(\.\w{1,5})?$/, ending) : name);
}

/** Throws why a file does not show, where the server refuses it. */
export async function requireFile(path: string): Promise<void> {
  await contentAt(path, { method: 'GET' }, filePatienceMs);
}

async function contentAt(path: string, options: RequestInit, patience: number): Promise<Blob> {
  const response = await answerTo(path, options, patience);
  if (!response.ok) throw refusal(path, response, await response.text());
  return response.blob().catch((cause: unknown) => {
    throw new Unreachable('The answer was cut off.', { cause });
  });
}

function keep(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Only after the browser has begun to keep it.
  setTimeout(() => URL.revokeObjectURL(address), keptMs);
}

/** Neither wrong nor refused for good: the same request may succeed a little later. */
export function mayPass(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Refused && (error.status >= 500 || error.status === 429));
}

import { unavailable } from '../http/http-error.ts';
import { type Limits, runConfined } from './confined.ts';

/** A usual document takes 0.3 s and 100 MB (measured 2026-11, pdfium 2.15.1), what was crafted up to all that there is. */
export const pdfLimits: Limits = { ms: 30_000, memoryBytes: 384 * 1024 * 1024, outputBytes: 32 };

/** As many as small machines have processors; whoever comes when so many wait is asked to come again. */
const atOnce = 2;
const mostWaiting = 30;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * How many pages a PDF document has; `locked`: it opens with a password only; `unreadable`: it is broken, or takes more than a document of
 * a person would. Counted in a process of its own with limits, a few at a time: throws 503 when too many wait, and what `content` throws.
 */
export async function pagesOfPdf(content: AsyncIterable<Buffer>, limits = pdfLimits): Promise<number | 'locked' | 'unreadable'> {
  await turn();
  try {
    const ending = await runConfined('pdf-process.js', [], content, limits);
    if (ending === 'stopped') return 'unreadable';
    if (ending.code === 0) return Number(ending.output.toString());
    return ending.code === 3 ? 'locked' : 'unreadable';
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

async function turn(): Promise<void> {
  if (running < atOnce) {
    running += 1;
    return;
  }
  if (waiting.length >= mostWaiting) throw unavailable();
  await new Promise<void>((resolve) => waiting.push(resolve));
}

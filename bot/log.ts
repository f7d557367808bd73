import { type Logger, pino } from 'pino';
import { maskPersonalData } from '../knowledge/text/mask.ts';
import type { Config } from './config.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/**
 * JSON lines on standard output, one for each event. Callers log ids, counts and codes, never what customers wrote; error texts, which may quote
 * input, are masked as a second line of defence.
 */
export function createLog({ logLevel }: Pick<Config, 'logLevel'>, destination: pino.DestinationStream = pino.destination(1)): Logger {
  const options = { level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } };
  return pino(options, { write: (line) => destination.write(line.replace(unruly, escaped)) });
}

/** What JSON leaves as it is, and terminals and viewers obey: C1 controls, other ends of lines, and changes of the direction of writing. */
const unruly = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

interface DescribedError {
  type: string;
  message: string;
  stack?: string;
  cause?: DescribedError;
}

function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: maskPersonalData(String(error)) };
  return {
    type: error.name,
    message: maskPersonalData(error.message),
    ...(error.stack && { stack: maskPersonalData(error.stack.split('\n').slice(1).join('\n')) }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

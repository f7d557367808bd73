import { type Logger, pino } from 'pino';
import { maskPersonalData } from '../knowledge/text/mask.ts';
import type { Config } from './config.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/**
 * JSON lines on standard output. Callers log ids, counts and codes, never what customers wrote; error texts, which may quote
 * input, are masked as a second line of defence.
 */
export function createLog({ logLevel }: Pick<Config, 'logLevel'>): Logger {
  return pino({ level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } });
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

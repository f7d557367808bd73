import { expect } from 'vitest';
import { ConfigError, readConfig } from '../../bot/config.ts';

/** What is said of a faulty environment, fault by fault. */
export function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message.split('\n').flatMap((line) => (line.startsWith('  - ') ? [line.slice(4)] : []));
  }
}

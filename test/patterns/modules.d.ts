/** What we use of recheck, which is installed apart. */
declare module 'recheck' {
  export interface Diagnostics {
    status: 'safe' | 'vulnerable' | 'unknown';
    attack?: { string: string };
    error?: { kind: string };
  }
  export function checkSync(source: string, flags: string, parameters: { timeout: number; maxAttackStringSize: number }): Diagnostics;
}

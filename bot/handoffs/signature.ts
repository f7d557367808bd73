import { createHmac, timingSafeEqual } from 'node:crypto';

/** A signature holds for so many seconds before and after its time. */
const windowSeconds = 300;

/** `t=1795824814,v1=…`: HMAC-SHA-256 in hex over the time in seconds, a dot and the body. */
export function sign(body: string | Buffer, secret: string, nowMs: number): string {
  const time = Math.floor(nowMs / 1000);
  return `t=${time},v1=${digestOf(time, body, secret)}`;
}

export function isSigned(header: string | undefined, body: Buffer, secret: string, nowMs: number): boolean {
  const [, time, given] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '') ?? [];
  if (time === undefined || given === undefined || Math.abs(nowMs / 1000 - Number(time)) > windowSeconds) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(digestOf(Number(time), body, secret)));
}

function digestOf(time: number, body: string | Buffer, secret: string): string {
  return createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
}

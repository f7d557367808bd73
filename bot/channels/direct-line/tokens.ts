import { hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

/** What a bearer of a token may do, and where. Each purpose has its own audience: one cannot be used for another. */
export type Purpose = 'conversation' | 'stream' | 'file' | 'visitor';

export const lifeSeconds: Record<Purpose, number> = {
  /** Direct Line clients refresh every 15 minutes and assume 30; the rest is for phones that slept. */
  conversation: 3600,
  stream: 60,
  file: 3600,
  /** The cookie by which a visitor gets the same conversation back. */
  visitor: 90 * 24 * 3600,
};

const grantSchema = z.object({
  /** The only conversation, and the stored file, that the token opens. */
  conv: z.string(),
  user: z.string().optional(),
  file: z.string().optional(),
  /** Web pages on which the token may be used; empty or missing: all that the bot allows. */
  origins: z.array(z.string()).optional(),
  jti: z.string().optional(),
  exp: z.number(),
});

export type Grant = z.infer<typeof grantSchema>;

export type Verified = { outcome: 'valid'; grant: Grant } | { outcome: 'expired' } | { outcome: 'invalid' };

const issuer = 'filing-assistant';
const algorithm = 'HS256';

/** Issues and checks the JWTs of this bot. Several secrets may be in force at once: the first signs, all of them verify. */
export class Tokens {
  readonly #secrets: readonly Buffer[];
  readonly #keys: readonly Uint8Array[];

  constructor(secrets: readonly string[]) {
    if (secrets.length === 0) throw new Error('At least one Direct Line secret is needed.');
    this.#secrets = secrets.map((secret) => Buffer.from(secret));
    this.#keys = secrets.map((secret) => new Uint8Array(hkdfSync('sha256', secret, '', 'direct-line-tokens', 32)));
  }

  isSecret(given: string): boolean {
    const bytes = Buffer.from(given);
    return this.#secrets.some((secret) => secret.length === bytes.length && timingSafeEqual(secret, bytes));
  }

  /** `user` stands in a claim of that name, where Direct Line clients look for it. */
  async issue(purpose: Purpose, { conv, user, file, origins }: Omit<Grant, 'exp' | 'jti'>): Promise<string> {
    const [key] = this.#keys;
    const claims = {
      conv,
      ...(user !== undefined && { user }),
      ...(file !== undefined && { file }),
      ...(origins && origins.length > 0 && { origins }),
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(purpose)
      .setIssuedAt()
      .setNotBefore('0s')
      .setJti(randomBytes(12).toString('base64url'))
      .setExpirationTime(`${lifeSeconds[purpose]}s`)
      .sign(key as Uint8Array);
  }

  async verify(purpose: Purpose, token: string): Promise<Verified> {
    for (const key of this.#keys) {
      try {
        const { payload } = await jwtVerify<JWTPayload>(token, key, {
          issuer,
          audience: purpose,
          algorithms: [algorithm],
          requiredClaims: ['exp'],
        });
        const grant = grantSchema.safeParse(payload);
        return grant.success ? { outcome: 'valid', grant: grant.data } : { outcome: 'invalid' };
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { outcome: 'expired' };
        // The next secret may fit; any other fault is the token's own.
        if (!(error instanceof errors.JOSEError)) throw error;
      }
    }
    return { outcome: 'invalid' };
  }
}

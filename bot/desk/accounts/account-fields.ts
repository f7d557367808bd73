import { z } from 'zod';
import { roles, skills } from '../desk-api.ts';

/** A login as somebody types it: capitals and full width make no difference. An e-mail address is one, too. */
export const loginSchema = z
  .string()
  .max(200)
  .transform((text) => text.normalize('NFKC').trim().toLowerCase())
  .pipe(z.string().regex(/^[a-z0-9][a-z0-9._@+-]{1,63}$/, 'a login has 2 to 64 letters, digits or . _ @ + -'));

/** Customers see it: 客服 with a name. */
export const nameSchema = z
  .string()
  .transform((text) => text.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1, 'a name has at least one character')
      .max(40, 'a name has at most 40 characters')
      .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'a name has no control characters'),
  );

export const roleSchema = z.enum(roles);

export const skillsSchema = z.array(z.enum(skills)).transform((list) => skills.filter((skill) => list.includes(skill)));

export const accountDraftSchema = z.object({ login: loginSchema, name: nameSchema, role: roleSchema, skills: skillsSchema });

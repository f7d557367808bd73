import { describe, expect, it } from 'vitest';
import { fullCost, Passwords, passwordProblem } from '../../../bot/desk/accounts/passwords.ts';

const small = { N: 2 ** 10, r: 8, p: 1 };

describe('a password', () => {
  it('is kept as scrypt makes it, at the cost that OWASP recommends, each time with another salt', async () => {
    const passwords = new Passwords();
    expect(fullCost).toEqual({ N: 131_072, r: 8, p: 1 });
    const [one, two] = await Promise.all([passwords.hash('河边的青蛙 sings'), passwords.hash('河边的青蛙 sings')]);
    expect(one).toMatch(/^scrypt\$131072\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify('河边的青蛙 sings', one)).toBe(true);
    expect(await passwords.verify('河边的青蛙 sing', one)).toBe(false);
  });

  it('is found right however the keyboard composes it, and by a program that hashes new ones at another cost', async () => {
    const kept = await new Passwords({ ...small, N: 2 ** 11 }).hash('café at the ＣＯＲＮＥＲ');
    expect(await new Passwords(small).verify('cafe\u0301 at the CORNER', kept)).toBe(true);
  });

  it('is never right for an account without one', async () => {
    expect(await new Passwords(small).verify('', undefined)).toBe(false);
  });

  it('waits for others, and is refused where too many wait', async () => {
    const passwords = new Passwords(small);
    const all = await Promise.allSettled(Array.from({ length: 60 }, () => passwords.hash('河边的青蛙 sings')));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(32);
    for (const each of all) if (each.status === 'rejected') expect(each.reason).toMatchObject({ status: 503 });
    expect(await passwords.hash('河边的青蛙 sings')).toMatch(/^scrypt/);
  });

  it.each([
    ['河边的青蛙 sings at 7', undefined],
    ['correct horse battery staple', undefined],
    ['一二三四五六七八九十上下', undefined],
    ['eleven char', 'too-short'],
    ['𠮷'.repeat(11), 'too-short'],
    ['x'.repeat(257), 'too-long'],
    ['aaaaaaaaaaaaaaaa', 'too-easy'],
    ['abababababababab', 'too-easy'],
    ['123456789012', 'too-easy'],
    ['qwertyuiop12', 'too-easy'],
    ['ABCDEFGHIJKLMN', 'too-easy'],
    ['1qaz2wsx3edc', 'too-easy'],
    ['my name is Wang-Fang', 'too-easy'],
  ])('%s: %s', (password, problem) => {
    expect(passwordProblem(password, 'wang-fang')).toBe(problem);
  });
});

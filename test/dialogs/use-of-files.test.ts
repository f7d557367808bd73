import { describe, expect, it } from 'vitest';
import type { Owner } from '../../dialogs/message.ts';
import { useOfFiles } from '../../dialogs/use-of-files.ts';
import { apply } from '../support/applicant.ts';
import { Customer, testAgency } from '../support/customer.ts';

const consented = ['帮我办首次备案', '网站', '某某云', '同意'];
const wang: Owner = { kind: 'agent', id: 'a1', name: '王芳' };

/** What a file would be for after this was said. */
function useAfter(said: readonly string[], owner: Owner = { kind: 'bot' }): string {
  const customer = new Customer();
  for (const words of said) customer.says(words);
  return useOfFiles(customer.session, owner).kind;
}

describe('a file is of use', () => {
  it.each<[string, string[], string]>([
    ['not to who has said nothing', [], 'none'],
    ['not to who asks a question', ['备案要多久'], 'none'],
    ['not before data may be collected', consented.slice(0, 3), 'none'],
    ['to a form whose data may be', consented, 'form'],
    ['to that form while a question is answered in between', [...consented, '备案要多久'], 'form'],
    ['not while the form rests', [...consented, '稍后再填'], 'none'],
    ['when the form goes on', [...consented, '稍后再填', '继续'], 'form'],
    ['to the case of a form that was given up, whose state says that it takes none', [...consented, '取消', '是的'], 'case'],
  ])('%s', (_, said, use) => {
    expect(useAfter(said)).toBe(use);
  });

  it('to a person who is waited for, and not when nobody is any more', () => {
    const customer = new Customer({ agency: { ...testAgency, desk: {} } });
    customer.says('转人工');
    expect(useOfFiles(customer.session, customer.owner)).toEqual({ kind: 'person' });
    customer.says('不等了');
    expect(useOfFiles(customer.session, customer.owner)).toEqual({ kind: 'none' });
  });

  it('to a person for whom a message is being left', () => {
    const customer = new Customer({ agency: { ...testAgency, desk: {} } });
    customer.desk.desk = { agents: 0, position: 1 };
    customer.says('转人工');
    expect(useOfFiles(customer.session, customer.owner)).toEqual({ kind: 'person' });
  });

  it('to a person in charge, whatever was said before', () => {
    expect(useAfter([], wang)).toBe('person');
    expect(useAfter([...consented, '稍后再填'], wang)).toBe('person');
  });

  it('to the last case that was submitted, though another form rests', () => {
    const customer = new Customer();
    const { number } = apply(customer, '帮我办首次备案');
    expect(useOfFiles(customer.session, customer.owner)).toEqual({ kind: 'case', number });
    for (const words of ['我要注销备案', '稍后再填']) customer.says(words);
    expect(useOfFiles(customer.session, customer.owner)).toEqual({ kind: 'case', number });
  });
});

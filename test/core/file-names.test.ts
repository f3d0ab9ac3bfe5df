import { describe, expect, it } from 'vitest';
import { fileCandidates, freeName, slug, usualLayout } from '../../src/core/pull/file-names.ts';

describe('names of new manifests', () => {
  it.each([
    ['Users to CRM', 'users-to-crm'],
    ['  Kunden → CRM!  ', 'kunden-crm'],
    ['日本', ''],
    [`${'a'.repeat(99)} b`, 'a'.repeat(99)],
  ])('%s', (label, expected) => {
    expect(slug(label)).toBe(expected);
  });

  it('are those of the label, else of the id; what is taken gets the id', () => {
    const taken = new Set(['users', 'orders', 'orders-9']);
    const name = (label: string | undefined, id: string) => freeName(label, 'sync', id, (one) => taken.has(one));
    expect(name('Leads', '7')).toBe('leads');
    expect(name(undefined, '7')).toBe('sync-7');
    expect(name('日本', '7')).toBe('sync-7');
    expect(name('Users', '7')).toBe('users-7');
    expect(name('Orders', '9')).toBe('orders-9-2');
    const long = 'x'.repeat(100);
    taken.add(long);
    expect(name(long, '7').length).toBeLessThanOrEqual(100);
  });

  it('lie below the fixed part of the glob, in a folder where it reaches into folders', () => {
    expect(usualLayout('syncs/**/*.yaml')).toBe('destination');
    expect(usualLayout('syncs/*.yaml')).toBe('flat');
    expect(fileCandidates('syncs/**/*.yaml', 'crm', 'users')).toEqual(['syncs/crm/users.yaml', 'syncs/users.yaml']);
    expect(fileCandidates('./a/b{c,d}/*.yml', undefined, 'users')).toEqual(['a/users.yml']);
    expect(fileCandidates('*.yaml', undefined, 'users')).toEqual(['users.yaml']);
  });
});

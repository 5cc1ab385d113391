import { describe, expect, it } from 'vitest';
import { Follower, type Commit, type Part } from '../../../protocol/index.ts';

interface Counted {
  readonly version: number;
  readonly count: number;
  readonly own?: string;
}
const view = (version: number, count = version * 10): Counted => ({ version, count });
const commit = (version: number, count = version * 10): Commit => ({
  type: 'commit',
  version,
  delta: { count: [count] },
  events: [{ event: 'counted', data: count }],
});
const part = (version: number, own: string): Part => ({ type: 'part', version, delta: { own: [own] } });

describe('a follower', () => {
  it('applies commits in order, and tells their events', () => {
    const follower = new Follower(view(1));
    expect(follower.accept(commit(2))).toEqual([{ event: 'counted', data: 20 }]);
    expect(follower.view).toEqual(view(2));
  });

  it('drops what it has', () => {
    const follower = new Follower(view(3));
    for (const old of [commit(2), commit(3, 99), part(3, 'late')]) expect(follower.accept(old)).toBeNull();
    expect(follower.view).toEqual(view(3));
  });

  it('keeps a part until its commit, and applies it after', () => {
    const follower = new Follower(view(1));
    expect(follower.accept(part(2, 'mine'))).toBeNull();
    expect(follower.view).toEqual(view(1));
    follower.accept(commit(2));
    expect(follower.view).toEqual({ ...view(2), own: 'mine' });
    follower.accept(commit(3));
    expect(follower.view).toEqual({ ...view(3), own: 'mine' });
  });

  it('tells the part’s form of the events where there is one', () => {
    const follower = new Follower(view(1));
    follower.accept({ ...part(2, 'mine'), events: [{ event: 'counted', data: 'secret' }] });
    expect(follower.accept(commit(2))).toEqual([{ event: 'counted', data: 'secret' }]);
  });

  it('is lost after a gap, and waits for a whole view', () => {
    const follower = new Follower(view(1));
    expect(follower.accept(commit(3))).toBe('lost');
    expect(follower.accept(commit(2))).toBe('lost');
    expect(follower.view).toEqual(view(1));
    follower.reset(view(3));
    expect(follower.accept(commit(4))).not.toBe('lost');
    expect(follower.view).toEqual(view(4));
  });

  it('is lost when a part of a later version comes, or a delta does not fit', () => {
    expect(new Follower(view(1)).accept(part(3, 'x'))).toBe('lost');
    const follower = new Follower(view(1));
    expect(follower.accept({ ...commit(2), delta: { count: { deep: [1] } } })).toBe('lost');
    expect(follower.view).toEqual(view(1));
  });

  it('takes a whole view that is newer, and not one that is older', () => {
    const follower = new Follower(view(5));
    follower.reset(view(4));
    expect(follower.view.version).toBe(5);
    follower.reset(view(7));
    expect(follower.view.version).toBe(7);
  });

  it('forgets a part that a whole view has overtaken', () => {
    const follower = new Follower(view(1));
    follower.accept(part(2, 'mine'));
    follower.reset(view(2));
    follower.accept(commit(3));
    expect(follower.view).toEqual(view(3));
  });

  it('keeps the version that the commit says, whatever the delta does', () => {
    const follower = new Follower(view(1));
    follower.accept({ ...commit(2), delta: {} });
    expect(follower.view).toEqual({ version: 2, count: 10 });
  });
});

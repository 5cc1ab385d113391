/** The wire forms in which a match can be followed. */
import {
  Follower,
  PackedFollower,
  rejectionOf,
  type Accepted,
  type AnyGame,
  type AnyView,
  type WireForm,
} from '../../protocol/index.ts';
import { changeOf, viewOf } from './answers.ts';

/** A view that follows a stream of changes; both are as the form has them, and checked by `Form`. */
export interface AnyFollower {
  readonly view: AnyView;
  reset(whole: unknown): void;
  accept(change: unknown): Accepted;
}

export interface Form {
  readonly name: WireForm;
  /** Starts from what join or sync answered. @throws Error for what is no view in this form. */
  follower(whole: unknown): AnyFollower;
}

/** What every authority can. */
export const jsonForm: Form = {
  name: 'json',
  follower(whole) {
    const follower = new Follower(viewOf(whole));
    return {
      get view() {
        return follower.view;
      },
      reset: (again) => follower.reset(viewOf(again)),
      accept: (change) => follower.accept(changeOf(change)),
    };
  },
};

/** By the game's schemas: a fraction of the bytes. */
export const packedForm = (game: AnyGame): Form => ({
  name: 'packed',
  follower(whole) {
    const follower = new PackedFollower(game, bytesOf(whole));
    return {
      get view() {
        return follower.view;
      },
      reset: (again) => follower.reset(bytesOf(again)),
      accept(change) {
        if (change instanceof Uint8Array) return follower.accept(change);
        throw new Error('a packed change of a match is not bytes');
      },
    };
  },
});

function bytesOf(whole: unknown): Uint8Array {
  if (whole instanceof Uint8Array) return whole;
  throw new UnknownFormError('an authority answered in another form than was asked for');
}

/** The authority does not know the form. */
export class UnknownFormError extends Error {
  override readonly name = 'UnknownFormError';
}

/** Whether a failed join says that the authority does not know the form that was asked for. */
export function isUnknownForm(error: unknown): boolean {
  if (error instanceof UnknownFormError) return true;
  const rejection = rejectionOf(error);
  if (rejection?.code !== 'bad_arguments' || !('issues' in rejection.details)) return false;
  const { issues } = rejection.details;
  return Array.isArray(issues) && issues.some((issue: unknown) => isAbout(issue, 'form'));
}

const isAbout = (issue: unknown, path: string): boolean =>
  typeof issue === 'object' && issue !== null && 'path' in issue && issue.path === path;

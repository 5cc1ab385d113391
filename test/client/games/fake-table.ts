/** A table without page and network: a harness plays the match, the test answers for the authority. */
import {
  harness,
  type GameTypes,
  type Harness,
  type MoveCall,
  type Rules,
  type View,
} from '../../../protocol/index.ts';
import { predictedView } from '../../../client/match/check.ts';
import type { PredictedMatch } from '../../../client/match/match.ts';
import type { Question, Table } from '../../../client/ui/game-screen.ts';

export interface FakeTable<G extends GameTypes> extends Table<G> {
  readonly harness: Harness<G>;
  /** Moves that the control has asked for and `answer` has not carried out. */
  readonly asked: MoveCall<G>[];
  readonly questions: Question<string>[];
  perspective: G['seat'];
  /** Lets the authority accept the oldest asked move, or refuse it. */
  answer(how?: 'accept' | 'refuse'): Promise<void>;
  /** Answers the oldest question. */
  choose(value: string | null): Promise<void>;
  /** Another seat, or nobody, has changed the match: tells of the view. */
  tell(): void;
}

export function fakeTable<G extends GameTypes>(
  rules: Rules<G>,
  seat: G['seat'] | null,
  options?: G['optionsInput'],
): FakeTable<G> {
  const match = harness(rules, options === undefined ? {} : { options });
  const views = new Set<(view: View<G>, previous: View<G>) => void>();
  const flips = new Set<() => void>();
  const answers: ((ok: boolean) => void)[] = [];
  const choices: ((value: string | null) => void)[] = [];
  const asked: MoveCall<G>[] = [];
  const questions: Question<string>[] = [];
  let perspective: G['seat'] = seat ?? 0;
  const tell = () => {
    for (const listener of views) listener(match.view, match.view);
  };
  const handle: Pick<PredictedMatch<G>, 'seat' | 'view' | 'legal' | 'predict' | 'onView'> = {
    seat,
    get view() {
      return match.view;
    },
    legal: () => (seat === null ? [] : match.players[seat as number]!.legal()),
    predict: (move) => predictedView(rules, { view: match.view, seat }, move) as View<G> | null,
    onView: (listener) => (views.add(listener), () => views.delete(listener)),
  };
  return {
    match: handle as PredictedMatch<G>,
    harness: match,
    asked,
    questions,
    still: true,
    get perspective() {
      return perspective;
    },
    set perspective(to) {
      perspective = to;
      for (const listener of flips) listener();
    },
    play: (move) => (asked.push(move), new Promise((resolve) => answers.push(resolve))),
    ask: <T extends string>(question: Question<T>) => (
      questions.push(question),
      new Promise<T | null>((resolve) => choices.push(resolve as (value: string | null) => void))
    ),
    onFlip: (listener) => (flips.add(listener), () => flips.delete(listener)),
    async answer(how = 'accept') {
      const move = asked.shift()!;
      if (how === 'accept') {
        match.players[seat as number]!.play(move);
        tell();
      }
      answers.shift()!(how === 'accept');
      await settled();
    },
    async choose(value) {
      choices.shift()!(value);
      await settled();
    },
    tell,
  };
}

/** Lets what follows from an answered promise happen. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

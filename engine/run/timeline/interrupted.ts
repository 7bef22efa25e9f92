/** Ends a host's run without a failure of its own: the user pressed Ctrl-C. */
export class Interrupted extends Error {}

/** Ends a step before anything was done: the play ended while the host waited for its turn. The host's loop moves it on. */
export class CalledOff extends Interrupted {}

/** Ends a host's run without a failure of its own: the user pressed Ctrl-C. */
export class Interrupted extends Error {}

/** Ends a step before anything was done: the play was ended or given up while the host waited. The loop knows where it goes. */
export class CalledOff extends Interrupted {}

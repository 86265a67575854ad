import fc from "fast-check";

// Property tests try the same inputs in every run, so that a failure is a change and never bad luck.
// To look further: POLLSCOPE_SEED=random npx vitest run
fc.configureGlobal(process.env["POLLSCOPE_SEED"] === "random" ? {} : { seed: 20_260_101 });

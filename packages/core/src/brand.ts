declare const brand: unique symbol;

/** A `T` that only the function which checked it may produce. Costs nothing at run time. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

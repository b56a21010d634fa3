/** Images that one request deletes, brings back or puts into a split. More go by several, each of which is done or not. */
export const MAX_IMAGES_CHOSEN_AT_ONCE = 500;

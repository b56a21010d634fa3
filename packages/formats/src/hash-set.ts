/** Hashes that were met, in 8 bytes each and as many again to spare; a `Set` of numbers this large takes five times as much. */
export class HashSet {
  /** 0 is an empty place. */
  private places = new Float64Array(1_024);
  private count = 0;

  /** @param hash a whole number from 0, evenly spread; answers false when it is there already */
  add(hash: number): boolean {
    if (!this.put(hash + 1)) return false;
    this.count++;
    if (this.count * 2 > this.places.length) this.grow();
    return true;
  }

  private put(key: number): boolean {
    const { places } = this;
    for (let at = key % places.length; ; at = at + 1 === places.length ? 0 : at + 1) {
      const found = places[at];
      if (found === key) return false;
      if (found !== 0) continue;
      places[at] = key;
      return true;
    }
  }

  private grow(): void {
    const { places } = this;
    this.places = new Float64Array(places.length * 2);
    for (const key of places) if (key !== 0) this.put(key);
    places.buffer.transfer(0);
  }
}

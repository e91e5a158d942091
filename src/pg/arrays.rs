//! Parameters of many values, built in one block: through the server's array builder each element costs a guarded call and two
//! copies, which for the 20,000 models of a first sync was a tenth of its time.

use super::spi::Arg;
use pgrx::pg_sys;

/// Bytes of a varlena's length word.
const HEADER: usize = 4;

/// Binds a `text[]`; `None` is NULL.
pub fn texts_arg<'a>(values: impl ExactSizeIterator<Item = Option<&'a str>> + Clone) -> Arg {
    let datum = array(values.map(|value| value.map(str::as_bytes)), pg_sys::TEXTOID);
    Arg::new(Some(datum), pg_sys::TEXTARRAYOID)
}

/// Binds a `jsonb[]` of containers, by their bytes in another document.
pub fn documents_arg<'a>(values: impl ExactSizeIterator<Item = &'a [u8]> + Clone) -> Arg {
    Arg::new(Some(array(values.map(Some), pg_sys::JSONBOID)), pg_sys::JSONBARRAYOID)
}

/// An array of values of variable lengths that are aligned to whole words; `None` is NULL.
fn array<'a>(values: impl ExactSizeIterator<Item = Option<&'a [u8]>> + Clone, of: pg_sys::Oid) -> pg_sys::Datum {
    let count = values.len();
    let has_null = values.clone().any(|value| value.is_none());
    // One dimension, none where nothing is: the fixed part, its length and its lower bound, then a bit for each element if any is
    // NULL.
    let dimensions = usize::from(count > 0);
    let bitmap = if has_null { count.div_ceil(8) } else { 0 };
    let data_at = (size_of::<pg_sys::ArrayType>() + dimensions * 2 * size_of::<i32>() + bitmap).next_multiple_of(8);
    let room = |value: &[u8]| (HEADER + value.len()).next_multiple_of(HEADER);
    let total = data_at + values.clone().flatten().map(room).sum::<usize>();
    let mut block = Block::of(total);
    block.word(total << 2);
    block.word(dimensions);
    block.word(if has_null { data_at } else { 0 });
    block.word(of.to_u32() as usize);
    if count > 0 {
        block.word(count);
        block.word(1);
    }
    let mut bits = vec![0_u8; bitmap];
    for (place, _) in values.clone().enumerate().filter(|(_, value)| has_null && value.is_some()) {
        if let Some(byte) = bits.get_mut(place / 8) {
            *byte |= 1 << (place % 8);
        }
    }
    block.bytes(&bits);
    block.zeros_to(data_at);
    for value in values.flatten() {
        block.word((HEADER + value.len()) << 2);
        block.bytes(value);
        block.zeros_to(block.filled.next_multiple_of(HEADER));
    }
    pg_sys::Datum::from(block.at)
}

/// New memory of the server, filled from its beginning. More than 1 GB is an error there.
struct Block {
    at: *mut u8,
    size: usize,
    filled: usize,
}

impl Block {
    fn of(size: usize) -> Self {
        // SAFETY: the server raises an error where it has no such memory.
        Self { at: unsafe { pg_sys::palloc(size) }.cast(), size, filled: 0 }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        assert!(bytes.len() <= self.size - self.filled, "the block is full");
        // SAFETY: there is room, as was just looked at, and nobody else knows the memory.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.at.add(self.filled), bytes.len()) };
        self.filled += bytes.len();
    }

    fn word(&mut self, word: usize) {
        self.bytes(&(word as u32).to_ne_bytes());
    }

    fn zeros_to(&mut self, end: usize) {
        const ZEROS: [u8; 8] = [0; 8];
        self.bytes(ZEROS.get(..end - self.filled).unwrap_or_default());
    }
}

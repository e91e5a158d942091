//! Reading `jsonb` where it lies. The whole payload is never turned into text or into a tree: for 20,000 models
//! that costs 160 to 315 ms, the walk 5 (measured; docs/performance.md).

use super::session;
use model_access_domain::stored_numeric;
use pgrx::callconv::{Arg, ArgAbi};
use pgrx::nullable::Nullable;
use pgrx::{impl_sql_translatable, pg_sys};
use serde_json::{Map, Number, Value};
use std::ffi::{CStr, c_char, c_int};
use std::marker::PhantomData;

/// Longer numbers are not turned into Rust values either: sixteen bytes of a document say `1e131071`.
const MAX_DIGITS: usize = 1000;
/// Deeper values are not turned into Rust values: recursion is bounded by us, not by the stack.
const MAX_DEPTH: usize = 32;

/// A `jsonb` argument, detoasted.
pub struct Jsonb {
    root: *mut pg_sys::JsonbContainer,
    bytes: usize,
}

impl_sql_translatable!(Jsonb, "jsonb");

// SAFETY: the datum of a jsonb argument is a varlena; a detoasted copy lives in the call's memory context.
unsafe impl<'fcx> ArgAbi<'fcx> for Jsonb {
    unsafe fn unbox_arg_unchecked(arg: Arg<'_, 'fcx>) -> Self {
        // SAFETY: as the trait demands of our caller: the argument is a jsonb and not NULL.
        unsafe { Detoasted(arg.unbox_arg_using_from_datum::<Detoasted>().map_or(std::ptr::null_mut(), |d| d.0)).open() }
    }

    unsafe fn unbox_nullable_arg(arg: Arg<'_, 'fcx>) -> Nullable<Self> {
        // SAFETY: as the trait demands of our caller.
        unsafe { arg.unbox_arg_using_from_datum::<Detoasted>().map(|detoasted| detoasted.open()) }.into()
    }
}

/// A `jsonb` value of a result row, copied into Rust.
///
/// Not through its text and serde: with numbers of any precision serde reads an object whose first key is its private
/// marker as a number. `None` for a document nested deeper than [`MAX_DEPTH`].
pub struct JsonValue(pub Option<Value>);

impl super::spi::Readable for JsonValue {
    const TYPES: &'static [pg_sys::Oid] = &[pg_sys::JSONBOID];
}

impl pgrx::FromDatum for JsonValue {
    unsafe fn from_polymorphic_datum(datum: pg_sys::Datum, is_null: bool, oid: pg_sys::Oid) -> Option<Self> {
        // SAFETY: as the trait demands of our caller: the datum is a jsonb.
        unsafe {
            Detoasted::from_polymorphic_datum(datum, is_null, oid).map(|found| Self(found.open().top().to_value()))
        }
    }
}

struct Detoasted(*mut pg_sys::Jsonb);

impl pgrx::FromDatum for Detoasted {
    unsafe fn from_polymorphic_datum(datum: pg_sys::Datum, is_null: bool, _: pg_sys::Oid) -> Option<Self> {
        if is_null {
            return None;
        }
        // SAFETY: the datum is a jsonb varlena; with a long header after detoasting, as jsonb's readers need.
        Some(Self(unsafe { pg_sys::pg_detoast_datum(datum.cast_mut_ptr()) }.cast()))
    }
}

impl Detoasted {
    /// # Safety
    /// The pointer is a jsonb varlena with a long header.
    unsafe fn open(self) -> Jsonb {
        // SAFETY: see above; `root` follows the header, which holds the size.
        unsafe { Jsonb { root: &raw mut (*self.0).root, bytes: pgrx::varsize_any(self.0.cast()) } }
    }
}

impl Jsonb {
    /// A JSON text as jsonb reads it, in the current memory context; 22P02 or 22P05 for one that it refuses.
    pub fn parse(json: &str) -> Self {
        let text = session::c_string(json);
        let made = pg_sys::Datum::from(text.as_ptr());
        // SAFETY: jsonb_in reads a C string, which outlives the call, and returns a jsonb without a short header.
        unsafe {
            let datum = pgrx::direct_function_call_as_datum(pg_sys::jsonb_in, &[Some(made)]);
            let read = |datum: pg_sys::Datum| Detoasted(pg_sys::pg_detoast_datum(datum.cast_mut_ptr()).cast()).open();
            datum.map_or_else(|| unreachable!("jsonb_in returns a jsonb or raises"), read)
        }
    }

    /// The size of the whole document as stored.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The value at the top.
    pub fn top(&self) -> Item<'_> {
        let container =
            Container { at: self.root, bytes: self.bytes.saturating_sub(pg_sys::VARHDRSZ), of: PhantomData };
        if container.header() & pg_sys::JB_FSCALAR != 0 {
            return container.element(0).unwrap_or(Item::Null);
        }
        if container.header() & pg_sys::JB_FOBJECT != 0 { Item::Object(container) } else { Item::Array(container) }
    }
}

/// A value inside a document.
#[derive(Clone, Copy)]
pub enum Item<'a> {
    /// JSON null.
    Null,
    /// true or false.
    Bool(bool),
    /// A number of any size.
    Number(NumberRef<'a>),
    /// A string.
    String(&'a str),
    /// An array.
    Array(Container<'a>),
    /// An object.
    Object(Container<'a>),
}

/// A number, stored as `numeric`.
#[derive(Clone, Copy)]
pub struct NumberRef<'a> {
    at: pg_sys::Numeric,
    of: PhantomData<&'a Jsonb>,
}

/// An array or an object.
#[derive(Clone, Copy)]
pub struct Container<'a> {
    at: *mut pg_sys::JsonbContainer,
    bytes: usize,
    of: PhantomData<&'a Jsonb>,
}

impl<'a> Container<'a> {
    /// The bytes of an empty array.
    pub const EMPTY_ARRAY: [u8; 4] = pg_sys::JB_FARRAY.to_ne_bytes();
    /// The bytes of an empty object.
    pub const EMPTY_OBJECT: [u8; 4] = pg_sys::JB_FOBJECT.to_ne_bytes();

    /// Its bytes: those of a document that is nothing else, but for the length in front.
    pub fn bytes(self) -> &'a [u8] {
        // SAFETY: a container of so many bytes lies there, in a document that outlives 'a.
        unsafe { std::slice::from_raw_parts(self.at.cast::<u8>(), self.bytes) }
    }

    fn header(self) -> u32 {
        // SAFETY: a container begins with its header.
        unsafe { (*self.at).header }
    }

    /// The number of elements, or of keys.
    pub fn len(self) -> usize {
        usize::try_from(self.header() & pg_sys::JB_CMASK).unwrap_or_default()
    }

    /// The value under `key` of an object.
    pub fn get(self, key: &str) -> Option<Item<'a>> {
        if self.header() & pg_sys::JB_FOBJECT == 0 {
            return None;
        }
        let mut found = pg_sys::JsonbValue::default();
        let length = c_int::try_from(key.len()).ok()?;
        // SAFETY: the container is an object; the callee fills `found` and reads `length` bytes of the key.
        let there = unsafe {
            !pg_sys::getKeyJsonValueFromContainer(self.at, key.as_ptr().cast::<c_char>(), length, &mut found).is_null()
        };
        there.then(|| item(&found))
    }

    /// The element at `index` of an array.
    pub fn element(self, index: usize) -> Option<Item<'a>> {
        let index = u32::try_from(index).ok()?;
        // SAFETY: the container is an array; out of range gives NULL. The value is freed after it was read.
        unsafe {
            let found = pg_sys::getIthJsonbValueFromContainer(self.at, index);
            if found.is_null() {
                return None;
            }
            let read = item(&*found);
            pg_sys::pfree(found.cast());
            Some(read)
        }
    }

    /// The elements of an array.
    pub fn elements(self) -> impl Iterator<Item = Item<'a>> {
        (0..self.len()).filter_map(move |index| self.element(index))
    }

    /// The key and value pairs of an object.
    fn entries(self) -> Vec<(&'a str, Item<'a>)> {
        let mut entries = Vec::with_capacity(self.len());
        let mut key = None;
        // SAFETY: the iterator runs over the container to its end; skipping nested values keeps it to one level.
        unsafe {
            let mut iterator = pg_sys::JsonbIteratorInit(self.at);
            let mut value = pg_sys::JsonbValue::default();
            loop {
                match pg_sys::JsonbIteratorNext(&mut iterator, &mut value, true) {
                    pg_sys::JsonbIteratorToken::WJB_KEY => key = Some(item(&value)),
                    pg_sys::JsonbIteratorToken::WJB_VALUE => {
                        if let Some(Item::String(key)) = key.take() {
                            entries.push((key, item(&value)));
                        }
                    }
                    pg_sys::JsonbIteratorToken::WJB_DONE => break,
                    _ => {}
                }
            }
        }
        entries
    }
}

/// What a JsonbValue of a stored document holds. Its strings and containers lie in the document.
fn item<'a>(value: &pg_sys::JsonbValue) -> Item<'a> {
    use pg_sys::jbvType;
    // SAFETY: the tag says which member of the union is set, and pointers go into the document, which outlives 'a.
    unsafe {
        match value.type_ {
            jbvType::jbvBool => Item::Bool(value.val.boolean),
            jbvType::jbvNumeric => Item::Number(NumberRef { at: value.val.numeric, of: PhantomData }),
            jbvType::jbvString => {
                let (bytes, length) = (value.val.string.val.cast::<u8>(), value.val.string.len);
                let bytes = std::slice::from_raw_parts(bytes, usize::try_from(length).unwrap_or_default());
                Item::String(if session::database_is_utf8() {
                    // The server checked the bytes when they came in; to check them again cost 4 % of a sync.
                    std::str::from_utf8_unchecked(bytes)
                } else {
                    std::str::from_utf8(bytes).unwrap_or("\u{FFFD}")
                })
            }
            jbvType::jbvBinary => {
                let bytes = usize::try_from(value.val.binary.len).unwrap_or_default();
                let container = Container { at: value.val.binary.data, bytes, of: PhantomData };
                if container.header() & pg_sys::JB_FOBJECT != 0 {
                    Item::Object(container)
                } else {
                    Item::Array(container)
                }
            }
            _ => Item::Null,
        }
    }
}

impl NumberRef<'_> {
    /// The number written plainly, without exponent and trailing zeros.
    pub fn text(self) -> String {
        // SAFETY: the pointer is a numeric inside the document; the text is copied and freed.
        unsafe {
            let text = pg_sys::numeric_normalize(self.at);
            let copied = CStr::from_ptr(text).to_string_lossy().into_owned();
            pg_sys::pfree(text.cast());
            copied
        }
    }
}

impl NumberRef<'_> {
    /// How many digits it has behind the point, zeros too.
    fn digits_behind(self) -> usize {
        // SAFETY: a numeric is a varlena; its size is in its header, with a long length in front.
        let bytes = unsafe { varlena_bytes(self.at.cast()) };
        stored_numeric::digits_behind(bytes.get(pg_sys::VARHDRSZ..).unwrap_or_default())
    }

    /// The number with the digits after the point that it was stored with.
    fn exact_text(self) -> String {
        // SAFETY: the pointer is a numeric inside the document, which numeric_out reads; the text is copied and freed.
        unsafe {
            let text = pgrx::direct_function_call_as_datum(pg_sys::numeric_out, &[Some(pg_sys::Datum::from(self.at))]);
            text.map_or(String::new(), |text| {
                let text: *mut c_char = text.cast_mut_ptr();
                let copied = CStr::from_ptr(text).to_string_lossy().into_owned();
                pg_sys::pfree(text.cast());
                copied
            })
        }
    }
}

impl Item<'_> {
    /// A Rust copy with numbers written plainly; `None` when it is nested deeper than 32 levels.
    pub fn to_value(self) -> Option<Value> {
        self.copied(MAX_DEPTH, |number| number.text())
    }

    /// A Rust copy with numbers as they are stored, `1.0` as `1.0`; `None` when it is nested deeper than `depth`.
    pub fn to_exact_value(self, depth: usize) -> Option<Value> {
        self.copied(depth, |number| number.exact_text())
    }

    fn copied(self, depth: usize, written: fn(NumberRef<'_>) -> String) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        Some(match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Number(number) => {
                let digits = written(number);
                // Sixteen bytes of `0e-16383` are as long where the document is written out.
                if digits.len() > MAX_DIGITS || number.digits_behind() > MAX_DIGITS {
                    return None;
                }
                Value::Number(Number::from_string_unchecked(digits))
            }
            Self::String(text) => Value::String(text.to_owned()),
            Self::Array(list) => {
                Value::Array(list.elements().map(|item| item.copied(depth, written)).collect::<Option<_>>()?)
            }
            Self::Object(object) => Value::Object(
                object
                    .entries()
                    .into_iter()
                    .map(|(key, item)| Some((key.to_owned(), item.copied(depth, written)?)))
                    .collect::<Option<Map<_, _>>>()?,
            ),
        })
    }

    /// Feeds `digest` with a form of the value that is the same for equal documents.
    ///
    /// Arrays and objects go in token by token; their keys are stored sorted. A number written `1.0` instead of `1`
    /// differs: that costs a comparison later and changes nothing.
    pub fn digest(self, digest: &mut impl FnMut(&[u8])) {
        match self {
            Self::Null => digest(b"n"),
            Self::Bool(value) => digest(if value { b"t" } else { b"f" }),
            Self::Number(number) => {
                digest(b"#");
                // SAFETY: a numeric is a varlena; its size is in its header.
                digest(unsafe { varlena_bytes(number.at.cast()) });
            }
            Self::String(text) => {
                digest(b"s");
                digest(&text.len().to_le_bytes());
                digest(text.as_bytes());
            }
            Self::Array(container) | Self::Object(container) => {
                digest(b"c");
                container.digest(digest);
            }
        }
    }
}

impl Container<'_> {
    fn digest(self, digest: &mut impl FnMut(&[u8])) {
        // SAFETY: the iterator walks the container to its end and reports every token once.
        unsafe {
            let mut iterator = pg_sys::JsonbIteratorInit(self.at);
            let mut value = pg_sys::JsonbValue::default();
            loop {
                let token = pg_sys::JsonbIteratorNext(&mut iterator, &mut value, false);
                digest(&token.to_le_bytes());
                match token {
                    pg_sys::JsonbIteratorToken::WJB_KEY
                    | pg_sys::JsonbIteratorToken::WJB_VALUE
                    | pg_sys::JsonbIteratorToken::WJB_ELEM => item(&value).digest(digest),
                    pg_sys::JsonbIteratorToken::WJB_DONE => break,
                    _ => {}
                }
            }
        }
    }
}

/// The bytes of a varlena with its header.
///
/// # Safety
/// `varlena` is one, with a long header, not toasted.
unsafe fn varlena_bytes<'a>(varlena: *const pg_sys::varlena) -> &'a [u8] {
    // SAFETY: see above.
    unsafe { std::slice::from_raw_parts(varlena.cast::<u8>(), pgrx::varsize_any(varlena)) }
}

//! Views that are hydrated in one go.

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    prelude::{AddAnyAttr, AnyView, IntoAny, Render, RenderHtml},
    tachys::{
        hydration::Cursor,
        ssr::StreamBuilder,
        view::{Mountable, Position, PositionState},
    },
};

/// A view that has nothing to wait for: neither code nor resources arrive late.
///
/// Leptos compiles every view behind an `AnyView` (that is, every page) a second time, as a future, for routes that are
/// loaded when they are needed. This leaves `hydrate_async` at its default, which calls `hydrate`, and a fifth of the
/// program in the browser is gone.
///
/// What becomes of it is simpler than what Leptos can do, which keeps the program small: the same view a second time
/// takes the place of the first one, and no attributes are added from outside.
///
/// With `SERVED` the server renders it, and the browser hydrates it.
pub struct Eager<T, const SERVED: bool = true>(T);

/// Makes a page out of a component without properties.
pub fn eager<V: RenderHtml + 'static>(component: fn() -> V) -> impl Fn() -> Eager<V> + Clone {
    move || Eager(component())
}

/// Erases the type of a part of a page: the type of a page grows with every element, and past some size the compiler
/// would need a higher limit.
pub fn erase<V: RenderHtml + 'static>(part: V) -> AnyView {
    Eager::<_, true>(part).into_any()
}

/// Erases the type of a part that is only ever made in the browser, because it shows what the server was asked for after
/// the page was hydrated.
pub fn late<V: RenderHtml + 'static>(part: V) -> AnyView {
    Eager::<_, false>(part).into_any()
}

impl<T: Render, const SERVED: bool> Render for Eager<T, SERVED> {
    type State = T::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

impl<T: RenderHtml + 'static, const SERVED: bool> AddAnyAttr for Eager<T, SERVED> {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self::Output<NewAttr> {
        self
    }
}

impl<T: RenderHtml + 'static, const SERVED: bool> RenderHtml for Eager<T, SERVED> {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = T::MIN_LENGTH;
    const EXISTS: bool = T::EXISTS;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    async fn resolve(self) -> Self {
        self
    }

    fn html_len(&self) -> usize {
        self.0.html_len()
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0.to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0.to_html_async_with_buf::<OUT_OF_ORDER>(buf, position, escape, mark_branches, extra_attrs);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        assert!(SERVED, "a late part was served");
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    async fn hydrate_async(self, _: &Cursor, _: &PositionState) -> Self::State {
        unreachable!("the document is hydrated in one go")
    }

    fn into_owned(self) -> Self {
        self
    }
}
